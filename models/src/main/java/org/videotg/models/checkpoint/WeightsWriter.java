package org.videotg.models.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.safetensors.SafetensorsWriter;

/**
 * Writes the weights of a checkpoint as transformers does: one {@code model.safetensors} if it fits, else shards
 * {@code model-00001-of-0000N.safetensors} filled in the order of the parameters, and their index.
 *
 * @param type of the tensors in the files; if empty, each keeps its type
 * @param maxShardBytes bytes of tensors in a file, at least 1; a larger tensor gets a file of its own
 */
public record WeightsWriter(Optional<torch.ScalarType> type, long maxShardBytes) {
    /** Keeps the types, with the shard size of transformers. */
    public static final WeightsWriter DEFAULT = new WeightsWriter(Optional.empty(), 50_000_000_000L);

    private static final Pattern SHARD = Pattern.compile("model-\\d{5}-of-\\d{5}\\.safetensors");
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    public WeightsWriter {
        if (maxShardBytes < 1) {
            throw new InputException("the largest shard must have at least 1 byte, not " + maxShardBytes);
        }
    }

    /** Returns the type of a tensor in the files. */
    public torch.ScalarType typeOf(Tensor tensor) {
        return type.orElseGet(tensor::scalar_type);
    }

    /**
     * Writes into a folder that may hold older weights. The new files are written to a folder inside it first; then
     * the old ones are removed and the new ones moved, the index last, so that a mixture never looks like a
     * checkpoint.
     */
    public void save(Path folder, ModelParameters parameters) {
        List<Map<String, Tensor>> shards = shards(parameters.all());
        Path staged = folder.resolve(".weights.partial");
        try {
            AtomicFiles.deleteTree(staged);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < shards.size(); i++) {
                names.add(
                        shards.size() == 1
                                ? WeightsReader.SINGLE
                                : String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size()));
                SafetensorsWriter.write(staged.resolve(names.get(i)), shards.get(i), this::typeOf, METADATA);
            }
            if (shards.size() > 1) {
                AtomicFiles.writeString(staged.resolve(WeightsReader.INDEX), Json.pretty(index(shards, names)));
                names.add(WeightsReader.INDEX);
                Files.deleteIfExists(folder.resolve(WeightsReader.SINGLE));
            }
            Files.deleteIfExists(folder.resolve(WeightsReader.INDEX));
            for (String name : names) {
                AtomicFiles.move(staged.resolve(name), folder.resolve(name));
            }
            AtomicFiles.deleteTree(staged);
            removeOthers(folder, names);
        } catch (IOException e) {
            throw new InputException(
                    "can't write weights to " + folder + ": " + e.getMessage() + "; check the folder and free space",
                    e);
        }
    }

    private long bytes(Tensor tensor) {
        return tensor.numel() * SafetensorsDtype.of(typeOf(tensor)).bytes();
    }

    private List<Map<String, Tensor>> shards(Map<String, Tensor> all) {
        List<Map<String, Tensor>> shards = new ArrayList<>(List.of(new LinkedHashMap<>()));
        long filled = 0;
        for (Map.Entry<String, Tensor> named : all.entrySet()) {
            long bytes = bytes(named.getValue());
            if (filled > 0 && filled + bytes > maxShardBytes) {
                shards.add(new LinkedHashMap<>());
                filled = 0;
            }
            shards.get(shards.size() - 1).put(named.getKey(), named.getValue());
            filled += bytes;
        }
        return shards;
    }

    private ObjectNode index(List<Map<String, Tensor>> shards, List<String> names) {
        ObjectNode index = Json.MAPPER.createObjectNode();
        List<Tensor> all =
                shards.stream().flatMap(shard -> shard.values().stream()).toList();
        index.putObject("metadata")
                .put("total_parameters", all.stream().mapToLong(Tensor::numel).sum())
                .put("total_size", all.stream().mapToLong(this::bytes).sum());
        ObjectNode places = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = names.get(i);
            shards.get(i).keySet().forEach(tensor -> places.put(tensor, name));
        }
        return index;
    }

    /** Deletes the shards of an earlier save that had more of them. */
    private static void removeOthers(Path folder, List<String> kept) throws IOException {
        List<Path> others;
        try (Stream<Path> files = Files.list(folder)) {
            others = files.filter(
                            file -> SHARD.matcher(file.getFileName().toString()).matches()
                                    && !kept.contains(file.getFileName().toString()))
                    .toList();
        }
        for (Path other : others) {
            Files.delete(other);
        }
    }
}
