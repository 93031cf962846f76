package org.videotg.app.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.run.RunManifest;
import org.videotg.models.hub.HubName.Kind;
import org.videotg.models.hub.UploadFile;

/** The files of a model or adapter: weights as they are, descriptions without paths of this machine. */
final class ModelFiles {
    private static final String ADAPTER = "adapter_config.json";
    private static final String CONFIG = "config.json";
    private static final String BASE = "base_model_name_or_path";
    private static final List<String> NAMES = List.of("_name_or_path", "name_or_path");
    /** Vocabularies, in which a word may look like a path. */
    private static final List<String> VOCABULARIES = List.of("tokenizer.json", "vocab.json", "merges.txt");

    private ModelFiles() {}

    static boolean isModel(Path folder) {
        return Files.exists(folder.resolve(ADAPTER)) || Files.exists(folder.resolve(CONFIG));
    }

    static Publication publication(Path folder, Publication.Facts facts) {
        boolean adapter = Files.exists(folder.resolve(ADAPTER));
        Optional<RunManifest> manifest = manifest(folder);
        String stated = adapter
                ? Json.read(folder.resolve(ADAPTER)).path(BASE).asText("")
                : manifest.map(RunManifest::model).map(model -> model.name()).orElse("");
        String base = facts.base().orElseGet(() -> LocalPaths.hubName(stated));
        List<String> notes = new ArrayList<>();
        if (base.isEmpty() && adapter) {
            throw new InputException(
                    folder.resolve(ADAPTER) + ": \"" + BASE + "\" is \"" + stated + "\", which is no name"
                            + " on a hub; give the base model's with --base OWNER/NAME, else nobody can load the adapter");
        }
        if (base.isEmpty()) {
            notes.add("the card names no base model; give it with --base OWNER/NAME");
        }
        Optional<String> license = facts.license().or(() -> BaseLicenses.of(base));
        if (license.isEmpty()) {
            notes.add("the card states no licence; give it with --license");
        }
        List<UploadFile> files = new ArrayList<>();
        for (Path file : list(folder)) {
            files.add(cleaned(file, base, folder));
        }
        if (files.stream().noneMatch(file -> file.path().endsWith(".safetensors"))) {
            throw new InputException(folder + " has no weights (*.safetensors); give the folder of a model or adapter");
        }
        String card = new ModelCard(facts, adapter, base, license, manifest, TrainedWith.read(folder)).text();
        LocalPaths.refuse(Publication.CARD, card, List.of(folder));
        files.add(0, UploadFile.of(Publication.CARD, card));
        return new Publication(Kind.MODEL, adapter ? "adapter" : "model", files, notes);
    }

    private static Optional<RunManifest> manifest(Path folder) {
        Path run = folder.toAbsolutePath().normalize().getParent();
        return run != null && Files.exists(run.resolve(RunManifest.FILE))
                ? Optional.of(RunManifest.read(run))
                : Optional.empty();
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = file.getFileName().toString();
                        // Checksums are those of the folder here, whose descriptions may differ.
                        return name.matches(".*\\.(safetensors|json|jinja|model)|merges\\.txt")
                                && !name.equals(Checksums.FILE)
                                && !name.startsWith(".");
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage(), e);
        }
    }

    private static UploadFile cleaned(Path file, String base, Path folder) {
        String name = file.getFileName().toString();
        if (!name.matches(".*\\.(json|jinja)") || VOCABULARIES.contains(name)) {
            return UploadFile.of(name, file);
        }
        String text = AtomicFiles.readString(file);
        if (name.endsWith(".json") && text.stripLeading().startsWith("{")) {
            ObjectNode root = Json.read(file);
            ObjectNode before = root.deepCopy();
            for (String field : NAMES) {
                if (root.hasNonNull(field)
                        && LocalPaths.hubName(root.path(field).asText()).isEmpty()) {
                    root.remove(field);
                }
            }
            if (name.equals(ADAPTER)) {
                root.put(BASE, base);
            }
            JsonNode prompt = root.path("prompt");
            if (name.equals(TrainedWith.FILE) && prompt instanceof ObjectNode object) {
                object.put("name", LocalPaths.withoutFolders(prompt.path("name").asText()));
            }
            text = root.equals(before) ? text : Json.pretty(root);
        }
        LocalPaths.refuse(name, text, List.of(folder));
        return UploadFile.of(name, text);
    }
}
