package org.videotg.models.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.checkpoint.WeightsReader.Pickles;
import org.videotg.models.safetensors.SafetensorsDtype;

/** The files of a checkpoint beside its weights: configurations, tokenizer, chat template. */
public final class CompanionFiles {
    private static final String CONFIG = "config.json";
    /** The field's names in transformers 5 and in earlier versions. */
    private static final List<String> DTYPE_FIELDS = List.of("dtype", "torch_dtype");

    private CompanionFiles() {}

    /**
     * Copies the files, following symbolic links. In {@code config.json}, the type of the weights is set to
     * the given one, since transformers loads in the type stated there.
     */
    public static void copy(Path from, Path to, torch.ScalarType type) {
        for (Path side : list(from)) {
            Path target = to.resolve(side.getFileName());
            if (side.getFileName().toString().equals(CONFIG)) {
                AtomicFiles.writeString(target, config(side, type));
            } else {
                AtomicFiles.write(
                        target, temporary -> Files.copy(side, temporary, StandardCopyOption.REPLACE_EXISTING));
            }
        }
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> {
                        String name = file.getFileName().toString();
                        return !name.startsWith(".")
                                && !name.contains(".safetensors")
                                && !name.equals(Checksums.FILE)
                                && !Pickles.is(name);
                    })
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage(), e);
        }
    }

    private static String config(Path file, torch.ScalarType type) {
        JsonNode root = Json.read(file);
        return set(root, name(type)) ? Json.pretty(root) : AtomicFiles.readString(file);
    }

    /** Sets the fields of an object and its sections, and tells whether one changed. */
    private static boolean set(JsonNode node, String type) {
        boolean changed = false;
        if (node instanceof ObjectNode object) {
            for (String field : DTYPE_FIELDS) {
                if (object.has(field) && !object.path(field).asText().equals(type)) {
                    object.put(field, type);
                    changed = true;
                }
            }
            for (JsonNode child : object) {
                changed |= set(child, type);
            }
        }
        return changed;
    }

    /** Returns PyTorch's name of a type. */
    private static String name(torch.ScalarType type) {
        return switch (SafetensorsDtype.of(type)) {
            case F32 -> "float32";
            case F16 -> "float16";
            case BF16 -> "bfloat16";
            case F64 -> "float64";
            default ->
                throw new IllegalArgumentException(
                        "weights of type " + SafetensorsDtype.of(type).name().toLowerCase(Locale.ROOT));
        };
    }
}
