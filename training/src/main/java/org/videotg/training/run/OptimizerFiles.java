package org.videotg.training.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;
import org.videotg.training.distributed.FlatLayout;

/**
 * The optimizer's tensors in a training checkpoint: whole ones in one file, or slices {@code NAME@FIRST_ELEMENT} in one
 * file for each rank that wrote it. They are read as whole tensors or as other slices.
 */
final class OptimizerFiles implements AutoCloseable {
    static final String WHOLE = "optimizer.safetensors";
    private static final Pattern PART = Pattern.compile("optimizer-\\d{5}-of-\\d{5}\\.safetensors");

    private final Path checkpoint;
    private final List<SafetensorsFile> files = new ArrayList<>();
    /** Slices by tensor and first element; whole tensors begin at 0. */
    private final Map<String, NavigableMap<Long, Saved>> saved = new LinkedHashMap<>();

    private record Saved(SafetensorsFile file, String name) {}

    private OptimizerFiles(Path checkpoint) {
        this.checkpoint = checkpoint;
    }

    static String part(int rank, int ranks) {
        return String.format(Locale.ROOT, "optimizer-%05d-of-%05d.safetensors", rank + 1, ranks);
    }

    /** @throws InputException if a file is missing or damaged */
    static OptimizerFiles open(Path checkpoint) {
        OptimizerFiles files = new OptimizerFiles(checkpoint);
        try {
            paths(checkpoint).forEach(files::add);
            return files;
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    private static List<Path> paths(Path checkpoint) {
        if (Files.exists(checkpoint.resolve(WHOLE))) {
            return List.of(checkpoint.resolve(WHOLE));
        }
        try (Stream<Path> entries = Files.list(checkpoint)) {
            List<Path> parts = entries.filter(entry ->
                            PART.matcher(entry.getFileName().toString()).matches())
                    .sorted()
                    .toList();
            if (parts.isEmpty()) {
                throw new InputException(checkpoint + " holds no " + WHOLE + "; it is not a whole training checkpoint");
            }
            return parts;
        } catch (IOException e) {
            throw new InputException("can't list " + checkpoint + ": " + e.getMessage() + "; check the folder", e);
        }
    }

    private void add(Path path) {
        SafetensorsFile file = SafetensorsFile.open(path);
        files.add(file);
        file.names()
                .forEach(name -> saved.computeIfAbsent(tensor(name), key -> new TreeMap<>())
                        .put(first(name), new Saved(file, name)));
    }

    private static boolean isSlice(String name) {
        return name.contains(FlatLayout.SEPARATOR);
    }

    private static String tensor(String name) {
        return isSlice(name) ? FlatLayout.tensorOf(name) : name;
    }

    private static long first(String name) {
        return isSlice(name) ? Long.parseLong(name.substring(name.lastIndexOf(FlatLayout.SEPARATOR) + 1)) : 0;
    }

    /**
     * Reads tensors with the names and sizes of those that are wanted; they belong to the open scope.
     *
     * @throws InputException if one is missing
     */
    Map<String, Tensor> read(Map<String, Tensor> wanted) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        wanted.forEach((name, like) -> tensors.put(name, read(name, like)));
        return tensors;
    }

    private Tensor read(String name, Tensor like) {
        NavigableMap<Long, Saved> slices = saved.getOrDefault(tensor(name), new TreeMap<>());
        Saved same = slices.get(first(name));
        if (same != null && same.name().equals(name)) {
            Tensor tensor = same.file().tensor(name);
            if (!isSlice(name) || tensor.numel() == like.numel()) {
                return tensor;
            }
        }
        Tensor flat = Tensors.empty(Device.CPU, torch.ScalarType.Float, like.numel());
        long begin = first(name);
        long end = begin + like.numel();
        long at = begin;
        while (at < end) {
            Map.Entry<Long, Saved> slice = slices.floorEntry(at);
            try (PointerScope scope = new PointerScope()) {
                Tensor values = slice == null
                        ? null
                        : slice.getValue()
                                .file()
                                .tensor(slice.getValue().name())
                                .flatten();
                if (values == null || slice.getKey() + values.numel() <= at) {
                    throw new InputException(checkpoint + " lacks elements of the optimizer's tensor \"" + tensor(name)
                            + "\" from " + at + "; the run trains other parameters than the checkpoint has");
                }
                long until = Math.min(end, slice.getKey() + values.numel());
                flat.narrow(0, at - begin, until - at).copy_(values.narrow(0, at - slice.getKey(), until - at));
                at = until;
            }
        }
        return flat.view(Tensors.shape(like));
    }

    @Override
    public void close() {
        files.forEach(SafetensorsFile::close);
    }
}
