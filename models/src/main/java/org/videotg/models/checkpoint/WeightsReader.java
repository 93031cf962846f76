package org.videotg.models.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.NativeRuntime.BlasThreads;
import org.videotg.models.tensor.Placement;
import org.videotg.models.tensor.Tensors;

/** Reads the weights of a checkpoint folder: {@code model.safetensors}, or shards with their index. */
public final class WeightsReader {
    public static final String SINGLE = "model.safetensors";
    public static final String INDEX = "model.safetensors.index.json";

    private static final Set<SafetensorsDtype> QUANTIZED =
            Set.of(SafetensorsDtype.I8, SafetensorsDtype.U8, SafetensorsDtype.I16, SafetensorsDtype.I32);

    private WeightsReader() {}

    /**
     * Returns the weight files, in order.
     *
     * @throws InputException if there are none in safetensors, or a shard is missing
     */
    public static List<Path> list(Path folder) {
        if (Files.isRegularFile(folder.resolve(SINGLE))) {
            return List.of(folder.resolve(SINGLE));
        }
        Path index = folder.resolve(INDEX);
        if (!Files.isRegularFile(index)) {
            throw new InputException(folder + " holds neither " + SINGLE + " nor " + INDEX
                    + pickle(folder)
                            .map(file -> "; " + Pickles.refusal(file))
                            .orElse("; give a checkpoint in Hugging Face layout"));
        }
        List<Path> files = new ArrayList<>();
        for (String shard : new TreeSet<>(places(index).values())) {
            Path file = folder.resolve(shard);
            if (!Files.isRegularFile(file)) {
                throw new InputException(
                        index + " names the shard \"" + shard + "\", which is missing; download it again");
            }
            files.add(file);
        }
        return files;
    }

    /**
     * Returns the tensors of the weight files as shapes without values ({@link Device#META}); the caller closes them.
     *
     * @throws InputException if a file is missing or damaged, or a tensor has a type of quantized weights
     */
    public static ModelParameters shapes(Path folder) {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> shapes = new LinkedHashMap<>();
            list(folder).forEach(path -> addShapes(path, shapes));
            return new ModelParameters(folder.toString(), shapes);
        }
    }

    private static void addShapes(Path path, Map<String, Tensor> shapes) {
        try (SafetensorsFile file = SafetensorsFile.open(path)) {
            for (String name : file.names()) {
                if (QUANTIZED.contains(file.dtype(name))) {
                    throw new InputException(path + ": tensor \"" + name + "\" has type " + file.dtype(name)
                            + ", as quantized weights have; take the checkpoint that was not quantized, in bf16");
                }
                shapes.put(name, Tensors.empty(Device.META, torch.ScalarType.Float, file.shape(name)));
            }
        }
    }

    private static Optional<String> pickle(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(Pickles::is)
                    .sorted()
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Returns the file of each tensor, from the index. */
    private static Map<String, String> places(Path index) {
        Map<String, String> places = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> place :
                Json.read(index).path("weight_map").properties()) {
            String shard = place.getValue().asText();
            if (Pickles.is(shard)) {
                throw new InputException(index + ": " + Pickles.refusal(shard));
            }
            if (shard.contains("/") || shard.contains("\\") || !shard.endsWith(".safetensors")) {
                throw new InputException(
                        index + ": shard \"" + shard + "\" must be a safetensors file beside the index");
            }
            places.put(place.getKey(), shard);
        }
        if (places.isEmpty()) {
            throw new InputException(index + ": \"weight_map\" is empty; download the file again");
        }
        return places;
    }

    /** Loads every tensor in one type, on the CPU. */
    public static ModelParameters load(Path folder, torch.ScalarType type) {
        return load(folder, Device.CPU, (name, stored) -> type);
    }

    /** Loads every tensor onto a device, in the type that is computed in. */
    public static ModelParameters load(Path folder, Placement placement) {
        return load(folder, placement.device(), (name, stored) -> placement.type());
    }

    /**
     * Loads every tensor, converted and copied to the device one at a time. The headers of all files are checked
     * against the index first.
     *
     * @param types gives the type of a tensor from its name and its type in the file
     * @throws InputException if a file is missing or damaged, or holds other tensors than the index says
     */
    public static ModelParameters load(
            Path folder, Device device, BiFunction<String, torch.ScalarType, torch.ScalarType> types) {
        NativeRuntime.load();
        List<SafetensorsFile> open = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            List<Path> files = list(folder);
            files.forEach(file -> open.add(SafetensorsFile.open(file)));
            if (!files.get(0).endsWith(SINGLE)) {
                checkPlaces(folder.resolve(INDEX), files, open);
            }
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (SafetensorsFile file : open) {
                file.names()
                        .forEach(name -> tensors.put(
                                name,
                                file.tensor(
                                        name,
                                        device,
                                        types.apply(name, file.dtype(name).scalarType()))));
            }
            if (device.kind() == Device.Kind.CPU) {
                BlasThreads.prepare(
                        tensors.values().stream().mapToLong(Tensor::numel).sum());
            }
            return new ModelParameters(folder.toString(), tensors);
        } finally {
            open.forEach(SafetensorsFile::close);
        }
    }

    private static void checkPlaces(Path index, List<Path> files, List<SafetensorsFile> open) {
        Map<String, String> left = new HashMap<>(places(index));
        for (int i = 0; i < files.size(); i++) {
            String shard = files.get(i).getFileName().toString();
            for (String name : open.get(i).names()) {
                if (!shard.equals(left.remove(name))) {
                    throw new InputException(files.get(i) + " holds tensor \"" + name + "\", which " + INDEX
                            + " does not assign to it; download both again");
                }
            }
        }
        if (!left.isEmpty()) {
            String name = new TreeSet<>(left.keySet()).first();
            throw new InputException(index.resolveSibling(left.get(name)) + " lacks tensor \"" + name + "\", which "
                    + INDEX + " places there; download both again");
        }
    }

    /** Python pickles: weight files that can run code when they are read. They are never read, copied or downloaded. */
    public static final class Pickles {
        private static final List<String> ENDINGS = List.of(".bin", ".pt", ".pth", ".ckpt", ".pkl", ".pickle");

        private Pickles() {}

        /** Returns whether a file name has an ending of pickles. */
        public static boolean is(String name) {
            String lower = name.toLowerCase(Locale.ROOT);
            return ENDINGS.stream().anyMatch(lower::endsWith);
        }

        /** Returns why a pickle is not read, and what to do. */
        public static String refusal(String name) {
            return name
                    + " is a Python pickle, which can run any code when it is read; take safetensors weights, or convert it with"
                    + " save_pretrained of transformers";
        }
    }
}
