package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.RecordShards;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.video.Mp4Writer;

class FeatureCacheTest {
    private static final int SIZE = 64;

    @TempDir
    private Path folder;

    private VideoRef video;

    /** Something done with a cache in a folder. */
    private interface Use {
        void with(FeatureCache cache, ModelFolder checkpoint) throws IOException;
    }

    private void cached(Path features, Use use) throws IOException {
        NativeRuntime.load();
        Path file = folder.resolve("video.mp4");
        if (!Files.exists(file)) {
            Mp4Writer.write(
                    file,
                    SIZE,
                    SIZE,
                    4,
                    IntStream.range(0, 16)
                            .mapToObj(i -> {
                                byte[] rgb = new byte[3 * SIZE * SIZE];
                                Arrays.fill(rgb, (byte) (i * 10));
                                return rgb;
                            })
                            .iterator(),
                    Mp4Writer.CRISP);
        }
        video = VideoRef.whole(file);
        try (ModelFolder checkpoint = ModelFolder.open(Path.of("..", "models", "small"));
                Model model = checkpoint.load(torch.ScalarType.Float);
                PointerScope scope = new PointerScope();
                FeatureCache cache = new FeatureCache(features, model, checkpoint.preprocessor())) {
            use.with(cache, checkpoint);
        }
    }

    private static float[] merged(FeatureCache cache, VideoRef video) {
        return Tensors.toFloats(cache.get(video).features().merged());
    }

    /** The content states the format and checksums; the last cases are one of another version and of another video. */
    @Test
    void whatIsDamagedIsComputedAgain() throws IOException {
        cached(folder.resolve("features"), (cache, checkpoint) -> {
            float[] expected = merged(cache, video);
            String key = cache.key(video);
            for (int kind = 0; kind < 8; kind++) {
                RecordShards.Place place = latest(key);
                byte[] file = Files.readAllBytes(place.file());
                int from = (int) place.from();
                byte[] whole = Arrays.copyOfRange(file, from, from + (int) place.length());
                String header = new String(whole, StandardCharsets.ISO_8859_1);
                byte[] damaged = switch (kind) {
                    case 0 -> new byte[whole.length];
                    case 1 -> Arrays.copyOf(Arrays.copyOf(whole, whole.length / 2), whole.length);
                    case 2 -> flipped(whole, 3);
                    case 3 -> flipped(whole, whole.length - 9);
                    case 4 -> flipped(whole, header.indexOf("duration") + 11);
                    case 5 -> flipped(whole, header.indexOf("[", header.indexOf("shape")) + 1);
                    case 6 ->
                        header.replace("\"cacheFormat\":\"5\"", "\"cacheFormat\":\"3\"")
                                .getBytes(StandardCharsets.ISO_8859_1);
                    default ->
                        header.replace(key, new StringBuilder(key).reverse()).getBytes(StandardCharsets.ISO_8859_1);
                };
                assertEquals(whole.length, damaged.length);
                assertNotEquals(Arrays.hashCode(whole), Arrays.hashCode(damaged));
                System.arraycopy(damaged, 0, file, from, damaged.length);
                Files.write(place.file(), file);
                assertEquals(
                        checkpoint.preprocessor().grids(video),
                        cache.grids(video),
                        "grids come from the video instead");
                assertArrayEquals(expected, merged(cache, video));
                assertArrayEquals(whole, content(latest(key)));
            }
        });
    }

    /** Decoding ahead in other threads gives what one video after another gives, and says of each what is wrong. */
    @Test
    void aListIsFilledInItsOrderHoweverManyThreadsDecode() throws IOException {
        List<String> expected = new ArrayList<>();
        for (int threads : new int[] {0, 1, 3}) {
            List<String> seen = new ArrayList<>();
            cached(folder.resolve("features-" + threads), (cache, checkpoint) -> {
                VideoRef half = new VideoRef(video.file(), new Clip(0, 2));
                VideoRef broken = VideoRef.whole(Files.writeString(folder.resolve("broken.mp4"), "not a video"));
                VideoRef gone = VideoRef.whole(folder.resolve("gone.mp4"));
                cache.get(half);
                List<VideoRef> videos = List.of(broken, video, half, gone, video);
                cache.fill(videos, threads, new FeatureCache.Filled() {
                    @Override
                    public void encoded(VideoRef ref, EncodedVideo features) {
                        seen.add(ref + " "
                                + Arrays.hashCode(
                                        Tensors.toFloats(features.features().merged())));
                    }

                    @Override
                    public void failed(VideoRef ref, InputException failure) {
                        seen.add(failure.getMessage());
                    }
                });
                assertEquals(5, seen.size(), seen.toString());
                assertTrue(seen.get(0).contains("broken.mp4") && seen.get(3).contains("gone.mp4"), seen.toString());
                assertEquals(video + " " + Arrays.hashCode(merged(cache, video)), seen.get(1));
                assertEquals(seen.get(1), seen.get(4));
                expected.add(seen.toString());
            });
        }
        assertEquals(1, Set.copyOf(expected).size(), expected.toString());
    }

    /** While other videos are encoded it may be decoded already, or not yet. */
    @Test
    void aVideoThatIsReplacedMeanwhileIsEncodedAgain() throws IOException {
        Path features = folder.resolve("features");
        cached(features, (cache, checkpoint) -> {
            VideoRef other = VideoRef.whole(Files.copy(video.file(), folder.resolve("other.mp4")));
            cache.fill(List.of(video, other), 1, new FeatureCache.Filled() {
                @Override
                public void encoded(VideoRef ref, EncodedVideo encoded) {
                    if (ref.equals(video)) {
                        touch(other.file());
                    }
                }

                @Override
                public void failed(VideoRef ref, InputException failure) {
                    throw failure;
                }
            });
            RecordShards records = RecordShards.features(features);
            assertEquals(2, records.count());
            assertTrue(records.find(cache.key(other)).isEmpty(), "what was decoded has the key of the file before");
        });
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RecordShards.Place latest(String key) {
        return RecordShards.features(folder.resolve("features")).find(key).orElseThrow();
    }

    private static byte[] content(RecordShards.Place place) throws IOException {
        return Arrays.copyOfRange(
                Files.readAllBytes(place.file()), (int) place.from(), (int) (place.from() + place.length()));
    }

    private static byte[] flipped(byte[] whole, int at) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 1;
        return damaged;
    }

    /** Earlier versions wrote the same content to a file for each video, without its key. */
    @Test
    void filesOfOneVideoAreRead() throws IOException {
        Path features = folder.resolve("features");
        cached(features, (cache, checkpoint) -> {
            merged(cache, video);
            RecordShards records = RecordShards.features(features);
            String key = cache.key(video);
            String named = "\"key\":\"" + key + "\",";
            String content = new String(content(records.find(key).orElseThrow()), StandardCharsets.ISO_8859_1);
            assertTrue(content.contains(named));
            Path old = Files.createDirectory(folder.resolve("old")).resolve(key + ".safetensors");
            Files.write(old, content.replace(named, " ".repeat(named.length())).getBytes(StandardCharsets.ISO_8859_1));
        });
        cached(folder.resolve("old"), (cache, checkpoint) -> {
            float[] found = merged(cache, video);
            assertEquals(checkpoint.preprocessor().grids(video), cache.grids(video));
            RecordShards records = RecordShards.features(folder.resolve("old"));
            assertEquals(0, records.count(), "nothing was computed");
            assertEquals(1, records.size().singles());
            Path old = folder.resolve("old").resolve(cache.key(video) + ".safetensors");
            Files.write(old, flipped(Files.readAllBytes(old), 3000));
            assertArrayEquals(found, merged(cache, video));
            assertEquals(1, records.count(), "what was damaged is a record");
        });
    }
}
