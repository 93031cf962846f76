package org.videotg.model.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.error.InputException;
import org.videotg.core.io.Json;
import org.videotg.model.safetensors.SafetensorsFile;
import org.videotg.model.safetensors.SafetensorsWriter;
import org.videotg.model.tensor.NativeRuntime;

/** The weight files of a checkpoint folder: {@code model.safetensors}, or shards with their index. */
public final class WeightFiles {
    public static final String SINGLE = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    private WeightFiles() {}

    /** The files that hold the weights, in order. */
    public static List<Path> list(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            return List.of(folder.resolve(SINGLE));
        }
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new InputException(folder + " holds neither " + SINGLE + " nor " + INDEX + "; give a checkpoint in Hugging Face layout");
        }
        TreeSet<String> shards = new TreeSet<>();
        for (JsonNode shard : Json.read(index).path("weight_map")) {
            if (shard.asText().contains("/") || shard.asText().contains("\\")) {
                throw new InputException(index + ": shard \"" + shard.asText() + "\" must lie beside the index");
            }
            shards.add(shard.asText());
        }
        if (shards.isEmpty()) {
            throw new InputException(index + ": \"weight_map\" is empty; download the file again");
        }
        List<Path> files = new ArrayList<>();
        shards.forEach(shard -> files.add(folder.resolve(shard)));
        return files;
    }

    /** Loads every tensor, converted to {@code type} one at a time. */
    public static Parameters load(Path folder, torch.ScalarType type) {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (Path file : list(folder)) {
                try (SafetensorsFile open = SafetensorsFile.open(file)) {
                    for (String name : open.names()) {
                        tensors.put(name, open.tensor(name, type));
                    }
                }
            }
            return new Parameters(folder.toString(), tensors);
        }
    }

    /** Writes one {@code model.safetensors}, as transformers expects it. */
    public static void save(Path folder, Parameters parameters) {
        SafetensorsWriter.write(folder.resolve(SINGLE), parameters.all(), Map.of("format", "pt"));
    }
}
