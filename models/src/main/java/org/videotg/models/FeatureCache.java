package org.videotg.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.Sha256;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/**
 * Features of a frozen vision tower, one safetensors file per video or clip. A file is named after the tower, the
 * preprocessing and the video's path, clip, file size and modification time, so a stale one is never read. A masked
 * view selects among cached grids. A file that is damaged or of another format is made again.
 */
public final class FeatureCache {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);
    /** Version of how features are computed; part of a file's name. */
    private static final int VERSION = 3;
    /** Version of the files' format, in their header. */
    private static final String FORMAT = "5";
    /** Number of a tensor's elements that enter the fingerprint. */
    private static final long SAMPLED = 1 << 16;

    private final Path folder;
    private final VisionTower tower;
    private final VideoPreprocessor preprocessor;
    private final Device device;
    private final String identity;

    /**
     * Makes a cache.
     *
     * @param model only its tower enters the names of cached files
     */
    public FeatureCache(Path folder, Model model, VideoPreprocessor preprocessor) {
        this.folder = folder;
        AtomicFiles.removeAbandoned(folder);
        this.tower = model.vision();
        this.preprocessor = preprocessor;
        this.device = model.device();
        // Features of another device or type differ in their last digits.
        this.identity = String.join(
                "\n",
                String.valueOf(VERSION),
                fingerprint(model),
                preprocessor.config().describe(),
                device.kind() + " " + SafetensorsDtype.of(model.type()));
    }

    /**
     * Models that differ in their language part only, such as one before and after training, share their features; an
     * adapter on the tower has features of its own.
     */
    private static String fingerprint(Model model) {
        StringBuilder text = new StringBuilder();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            model.parameters().all().forEach((name, tensor) -> {
                if (model.names().isVision(name)) {
                    append(text, name, tensor);
                }
            });
            new TreeMap<>(model.parameters().updates()).forEach((name, update) -> {
                if (model.names().isVision(name)) {
                    append(text, update.down(), model.parameters().all().get(update.down()));
                    append(text, update.up(), model.parameters().all().get(update.up()));
                    text.append(update.scale());
                }
            });
        }
        return Sha256.of(text.toString());
    }

    private static void append(StringBuilder text, String name, Tensor tensor) {
        long stride = tensor.numel() / SAMPLED + 1;
        Tensor sampled = tensor.flatten().slice(0, new LongOptional(0), new LongOptional(tensor.numel()), stride);
        text.append(name)
                .append(Arrays.toString(Tensors.shape(tensor)))
                .append(Arrays.hashCode(Tensors.toFloats(sampled)))
                .append(sampled.to(ScalarType.Double).sum().item_double());
    }

    /**
     * Returns the features of a video, from the cache or through the tower. They belong to the open scope and need no
     * gradient.
     */
    public EncodedVideo get(VideoRef video) {
        Path file = file(video);
        if (Files.exists(file)) {
            try {
                return load(file, device);
            } catch (InputException e) {
                LOG.warn("features of {} are computed again: {}", video.file(), e.getMessage());
            }
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            save(file, encode(tower, preprocessor, video));
        }
        try {
            return load(file, device);
        } catch (InputException e) {
            throw new OutputException("features can't be read right after they were written: " + e.getMessage(), e);
        }
    }

    /** Returns the video's temporal grids, from the cache or else from a scan of the video; nothing is decoded. */
    public TemporalGrids grids(VideoRef video) {
        Path file = file(video);
        if (Files.exists(file)) {
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                Header header = header(open, file);
                return new TemporalGrids(header.duration(), header.grids());
            } catch (InputException e) {
                LOG.debug("grids of {} are not taken from the cache", video.file(), e);
            }
        }
        return preprocessor.grids(video);
    }

    private Path file(VideoRef video) {
        return folder.resolve(key(video) + ".safetensors");
    }

    /** Decodes a video and runs the tower over it, with gradients where they are on. */
    public static EncodedVideo encode(VisionTower tower, VideoPreprocessor preprocessor, VideoRef video) {
        PatchedVideo patched = preprocessor.load(video);
        GridFeatures features =
                tower.forward(patched.patches(), patched.grids().size(), patched.height(), patched.width());
        GridFeatures black = tower.forward(
                preprocessor.black(patched.height(), patched.width()), 1, patched.height(), patched.width());
        return new EncodedVideo(patched.grids(), patched.spacing(), features, black);
    }

    /**
     * Returns a name of a video's features, which changes with the file and the model.
     *
     * @throws InputException if there is no such file
     */
    public String key(VideoRef video) {
        Path path = video.file();
        try {
            String key = identity + "\n" + path.toAbsolutePath().normalize() + "\n" + Files.size(path) + "\n"
                    + Files.getLastModifiedTime(path).toMillis()
                    + (video.clip().isWhole()
                            ? ""
                            : "\n" + video.clip().start() + "\n" + video.clip().end());
            return Sha256.of(key).substring(0, 32);
        } catch (IOException e) {
            throw new InputException(path + " does not exist or can't be read; check the path", e);
        }
    }

    private record Header(
            double duration, GridSpacing spacing, List<TemporalGrid> grids, int gridHeight, int gridWidth, int taps) {}

    private static void save(Path file, EncodedVideo video) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        put(tensors, "video", video.features());
        put(tensors, "black", video.black());
        GridFeatures features = video.features();
        Header header = new Header(
                video.grids().duration(),
                video.spacing(),
                video.grids().grids(),
                features.gridHeight(),
                features.gridWidth(),
                features.deepstack().size());
        String grids = Json.line(header);
        SafetensorsWriter.write(
                file,
                tensors,
                new TreeMap<>(Map.of(
                        "cacheFormat",
                        FORMAT,
                        "grids",
                        grids,
                        "gridsSha256",
                        Sha256.of(grids),
                        "tensorsCrc32c",
                        SafetensorsWriter.checksum(tensors))));
    }

    private static void put(Map<String, Tensor> tensors, String name, GridFeatures features) {
        tensors.put(name + ".merged", features.merged());
        for (int i = 0; i < features.deepstack().size(); i++) {
            tensors.put(name + ".deepstack." + i, features.deepstack().get(i));
        }
    }

    private static Header header(SafetensorsFile open, Path file) {
        Map<String, String> metadata = open.metadata();
        if (!FORMAT.equals(metadata.get("cacheFormat"))) {
            throw new InputException(file + " has the format of another version");
        }
        String grids = metadata.getOrDefault("grids", "");
        if (!Sha256.of(grids).equals(metadata.get("gridsSha256"))) {
            throw new InputException(file + " is damaged: the checksum of its temporal grids does not match");
        }
        return Json.convert(Json.parse(grids, file.toString()), Header.class, file.toString());
    }

    private static EncodedVideo load(Path file, Device device) {
        try (SafetensorsFile open = SafetensorsFile.open(file)) {
            Header header = header(open, file);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            open.names().forEach(name -> tensors.put(name, open.tensor(name)));
            if (!SafetensorsWriter.checksum(tensors).equals(open.metadata().get("tensorsCrc32c"))) {
                throw new InputException(file + " is damaged: the checksum of its features does not match");
            }
            return new EncodedVideo(
                    new TemporalGrids(header.duration(), header.grids()),
                    header.spacing(),
                    features(tensors, "video", header, device),
                    features(tensors, "black", header, device));
        }
    }

    private static GridFeatures features(Map<String, Tensor> tensors, String name, Header header, Device device) {
        List<Tensor> deepstack = new ArrayList<>();
        for (int i = 0; i < header.taps(); i++) {
            deepstack.add(Tensors.to(device, tensors.get(name + ".deepstack." + i)));
        }
        Tensor merged = Tensors.to(device, tensors.get(name + ".merged"));
        return new GridFeatures(header.gridHeight(), header.gridWidth(), merged, deepstack);
    }
}
