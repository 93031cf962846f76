package org.videotg.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.prompt.PromptTemplate;

/**
 * How a run came about; {@code manifest.json} in its folder.
 *
 * @param command line as it was given
 * @param startTime ISO 8601, UTC
 * @param recipe all settings, defaults included; null if the command has none
 * @param prompt template with all its texts
 * @param fps frames sampled per second of video; null if the run samples no video
 * @param pixelBudget in words, such as profile and limits per frame and clip; null likewise
 * @param model who was asked or trained; null if none was
 * @param seeds by purpose
 * @param versions of Java, operating system and libraries
 * @param data SHA-256 of every data file by its path as given
 * @param notes anything else a reader must know, by name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunManifest(
        List<String> command,
        String startTime,
        JsonNode recipe,
        PromptTemplate prompt,
        Double fps,
        String pixelBudget,
        ModelIdentity model,
        Map<String, Long> seeds,
        Map<String, String> versions,
        Map<String, String> data,
        Map<String, String> notes) {
    /** Its name in a run's folder. */
    public static final String FILE = "manifest.json";

    public RunManifest {
        Objects.requireNonNull(startTime, "\"startTime\" is missing");
        Objects.requireNonNull(command, "\"command\" is missing");
        command = List.copyOf(command);
        seeds = ordered(seeds);
        versions = ordered(versions);
        data = ordered(data);
        notes = ordered(notes);
    }

    /** A manifest of a run that starts now, with this machine's versions and nothing else said. */
    public static RunManifest start(List<String> command, Instant now) {
        return new RunManifest(
                command, now.toString(), null, null, null, null, null, Map.of(), platform(), Map.of(), Map.of());
    }

    public RunManifest withRecipe(JsonNode changed, Map<String, Long> changedSeeds) {
        return new RunManifest(
                command, startTime, changed, prompt, fps, pixelBudget, model, changedSeeds, versions, data, notes);
    }

    public RunManifest withModel(ModelIdentity identity, PromptTemplate template, Double sampledFps, String budget) {
        return new RunManifest(
                command, startTime, recipe, template, sampledFps, budget, identity, seeds, versions, data, notes);
    }

    /** With the fingerprints of these data files, which are read now. */
    public RunManifest withData(Collection<Path> files) {
        Map<String, String> fingerprints = new LinkedHashMap<>(data);
        files.forEach(file -> fingerprints.put(file.toString(), Sha256.of(file)));
        return new RunManifest(
                command, startTime, recipe, prompt, fps, pixelBudget, model, seeds, versions, fingerprints, notes);
    }

    /** With the versions of these libraries beside those that are known. */
    public RunManifest withLibraries(Map<String, String> libraries) {
        Map<String, String> more = new LinkedHashMap<>(versions);
        more.putAll(libraries);
        return new RunManifest(command, startTime, recipe, prompt, fps, pixelBudget, model, seeds, more, data, notes);
    }

    public RunManifest withNote(String name, String text) {
        Map<String, String> more = new LinkedHashMap<>(notes);
        more.put(name, text);
        return new RunManifest(
                command, startTime, recipe, prompt, fps, pixelBudget, model, seeds, versions, data, more);
    }

    /** Writes {@code manifest.json} into the folder, whole or not at all. */
    public void write(Path folder) {
        AtomicFiles.writeString(folder.resolve(FILE), Json.pretty(this));
    }

    public static RunManifest read(Path folder) {
        return Json.read(folder.resolve(FILE), RunManifest.class);
    }

    private static Map<String, String> platform() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("java", System.getProperty("java.version") + " (" + System.getProperty("java.vm.name") + ")");
        versions.put(
                "os",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                        + System.getProperty("os.arch"));
        versions.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
        return versions;
    }

    private static <T> Map<String, T> ordered(Map<String, T> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
