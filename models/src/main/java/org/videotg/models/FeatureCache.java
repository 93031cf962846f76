package org.videotg.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import org.videotg.core.io.RecordShards;
import org.videotg.core.io.RecordShards.Place;
import org.videotg.core.io.Sha256;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.VisionTower;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.preprocess.VideosAhead;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.safetensors.SafetensorsWriter.Content;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Features of a frozen vision tower, a record in safetensors format for each video or clip. Its key is made of the
 * tower, the preprocessing and the video's path, clip, file size and modification time, so a stale one is never read. A
 * masked view selects among cached grids. Features that are damaged or of another format are made again. Those that
 * earlier versions have written, one file {@code KEY.safetensors} for each, are read. For use by several threads.
 */
public final class FeatureCache implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);
    /** Version of how features are computed; part of the key. */
    private static final int VERSION = 3;
    /** Version of the format, in the header. */
    private static final String FORMAT = "5";
    /** Threads that decode beside the one that runs the tower, at most. */
    private static final int MOST_DECODING = 4;
    /** Number of a tensor's elements that enter the fingerprint. */
    private static final long SAMPLED = 1 << 16;

    /** Names of files that hold the features of one video, as earlier versions wrote them. */
    private static final String SINGLE = ".safetensors";

    private final Path folder;
    private final RecordShards shards;
    private final VisionTower tower;
    private final VideoPreprocessor preprocessor;
    private final Device device;
    private final String identity;

    /**
     * Makes a cache.
     *
     * @param model only its tower enters the keys
     */
    public FeatureCache(Path folder, Model model, VideoPreprocessor preprocessor) {
        this.folder = folder;
        this.shards = RecordShards.features(folder);
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
        return get(video, key(video));
    }

    /** Returns the features of a video of which the key is known. */
    public EncodedVideo get(VideoRef video, String key) {
        Optional<Place> stored = stored(key);
        if (stored.isPresent()) {
            try {
                return load(stored.get(), key);
            } catch (InputException e) {
                LOG.warn("features of {} are computed again: {}", video.file(), e.getMessage());
            }
        }
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            save(key, video, encode(tower, preprocessor, video));
        }
        try {
            return load(
                    shards.find(key).orElseThrow(() -> new InputException("another program has removed them")), key);
        } catch (InputException e) {
            throw new OutputException("features can't be read right after they were written: " + e.getMessage(), e);
        }
    }

    /** Receives the videos of {@link #fill} in their order. */
    public interface Filled {
        /** Takes the features of a video; they belong to a scope that ends after the call. */
        void encoded(VideoRef video, EncodedVideo features);

        /** Takes what is wrong with a video. */
        void failed(VideoRef video, InputException failure);
    }

    /**
     * Encodes the videos that the cache has not. Threads that libtorch may use decode further videos meanwhile.
     *
     * @throws OutputException if features can't be written
     */
    public void fill(List<VideoRef> videos, Filled filled) {
        fill(videos, Math.min(MOST_DECODING, NativeRuntime.threads() - 1), filled);
    }

    void fill(List<VideoRef> videos, int threads, Filled filled) {
        // Keys as they were before decoding: features of a file that is replaced meanwhile never get the new one's key.
        Map<VideoRef, String> missing = new LinkedHashMap<>();
        videos.stream().distinct().forEach(video -> missingKey(video).ifPresent(key -> missing.put(video, key)));
        try (VideosAhead ahead = new VideosAhead(preprocessor::load, List.copyOf(missing.keySet()), threads)) {
            for (VideoRef video : videos) {
                try (PointerScope scope = new PointerScope();
                        NoGradGuard noGrad = new NoGradGuard()) {
                    // A video that stands twice is missing once.
                    String key = missing.remove(video);
                    filled.encoded(video, key == null ? get(video) : fresh(video, key, ahead.next()));
                } catch (OutputException e) {
                    throw e;
                } catch (InputException e) {
                    filled.failed(video, e);
                }
            }
        }
    }

    private Optional<String> missingKey(VideoRef video) {
        try {
            return Optional.of(key(video)).filter(key -> stored(key).isEmpty());
        } catch (InputException e) {
            // There is no such file, which its turn will tell.
            LOG.debug("{} has no key", video.file(), e);
            return Optional.empty();
        }
    }

    private EncodedVideo fresh(VideoRef video, String key, PatchedVideo patched) {
        EncodedVideo encoded = encode(tower, preprocessor, patched);
        // Another process may have been faster.
        if (stored(key).isEmpty()) {
            save(key, video, encoded);
        }
        return encoded;
    }

    /** Returns the video's temporal grids, from the cache or else from a scan of the video; nothing is decoded. */
    public TemporalGrids grids(VideoRef video) {
        String key = key(video);
        Optional<Place> stored = stored(key);
        if (stored.isPresent()) {
            try (SafetensorsFile open = open(stored.get())) {
                Header header = header(open, key);
                return new TemporalGrids(header.duration(), header.grids());
            } catch (InputException e) {
                LOG.debug("grids of {} are not taken from the cache", video.file(), e);
            }
        }
        return preprocessor.grids(video);
    }

    private Optional<Place> stored(String key) {
        return shards.find(key).or(() -> {
            Path single = folder.resolve(key + SINGLE);
            try {
                return Files.exists(single) ? Optional.of(new Place(single, 0, Files.size(single))) : Optional.empty();
            } catch (IOException e) {
                LOG.debug("{} was removed meanwhile", single, e);
                return Optional.empty();
            }
        });
    }

    private static SafetensorsFile open(Place place) {
        return SafetensorsFile.open(place.file(), place.from(), place.length());
    }

    /** Decodes a video and runs the tower over it, with gradients where they are on. */
    public static EncodedVideo encode(VisionTower tower, VideoPreprocessor preprocessor, VideoRef video) {
        return encode(tower, preprocessor, preprocessor.load(video));
    }

    /** Runs the tower over a decoded video, with gradients where they are on. */
    public static EncodedVideo encode(VisionTower tower, VideoPreprocessor preprocessor, PatchedVideo patched) {
        GridFeatures features =
                tower.forward(patched.patches(), patched.grids().size(), patched.height(), patched.width());
        GridFeatures black = tower.forward(
                preprocessor.black(patched.height(), patched.width()), 1, patched.height(), patched.width());
        return new EncodedVideo(patched.grids(), patched.spacing(), features, black);
    }

    /**
     * Returns the key of a video's features, which changes with the file and the model.
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

    private void save(String key, VideoRef ref, EncodedVideo video) {
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
        Content content = Content.of(
                tensors,
                new TreeMap<>(Map.of(
                        "cacheFormat",
                        FORMAT,
                        "grids",
                        grids,
                        "gridsSha256",
                        Sha256.of(grids),
                        "key",
                        key,
                        "tensorsCrc32c",
                        SafetensorsWriter.checksum(tensors))));
        shards.append(key, ref.toString(), content.length(), content::write);
    }

    private static void put(Map<String, Tensor> tensors, String name, GridFeatures features) {
        tensors.put(name + ".merged", features.merged());
        for (int i = 0; i < features.deepstack().size(); i++) {
            tensors.put(name + ".deepstack." + i, features.deepstack().get(i));
        }
    }

    private static Header header(SafetensorsFile open, String key) {
        Map<String, String> metadata = open.metadata();
        if (!FORMAT.equals(metadata.get("cacheFormat"))) {
            throw new InputException(open + " has the format of another version");
        }
        String grids = metadata.getOrDefault("grids", "");
        if (!Sha256.of(grids).equals(metadata.get("gridsSha256"))) {
            throw new InputException(open + " is damaged: the checksum of its temporal grids does not match");
        }
        // A file of one video is named after its key.
        if (!key.equals(metadata.getOrDefault("key", key))) {
            throw new InputException(open + " is damaged: it holds the features of another video");
        }
        return Json.convert(Json.parse(grids, open.toString()), Header.class, open.toString());
    }

    private EncodedVideo load(Place place, String key) {
        try (SafetensorsFile open = open(place)) {
            Header header = header(open, key);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            open.names().forEach(name -> tensors.put(name, open.tensor(name)));
            if (!SafetensorsWriter.checksum(tensors).equals(open.metadata().get("tensorsCrc32c"))) {
                throw new InputException(open + " is damaged: the checksum of its features does not match");
            }
            return new EncodedVideo(
                    new TemporalGrids(header.duration(), header.grids()),
                    header.spacing(),
                    features(tensors, "video", header),
                    features(tensors, "black", header));
        }
    }

    private GridFeatures features(Map<String, Tensor> tensors, String name, Header header) {
        List<Tensor> deepstack = new ArrayList<>();
        for (int i = 0; i < header.taps(); i++) {
            deepstack.add(Tensors.to(device, tensors.get(name + ".deepstack." + i)));
        }
        Tensor merged = Tensors.to(device, tensors.get(name + ".merged"));
        return new GridFeatures(header.gridHeight(), header.gridWidth(), merged, deepstack);
    }

    /** Forces what has been written to the medium, where other machines see it. */
    public void force() {
        shards.force();
    }

    @Override
    public void close() {
        shards.close();
    }
}
