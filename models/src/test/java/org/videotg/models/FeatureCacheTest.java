package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;
import org.videotg.video.Mp4Writer;

class FeatureCacheTest {
    private static final int SIZE = 64;

    @TempDir
    private Path folder;

    /** The header says the format and checksums; the last case is a file of another version. */
    @Test
    void aDamagedFileIsComputedAgain() throws IOException {
        NativeRuntime.load();
        Path video = folder.resolve("video.mp4");
        Mp4Writer.write(
                video,
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
        Path features = folder.resolve("features");
        try (ModelFolder checkpoint = ModelFolder.open(Path.of("..", "models", "small"));
                Model model = checkpoint.load(torch.ScalarType.Float);
                PointerScope scope = new PointerScope()) {
            FeatureCache cache = new FeatureCache(features, model, checkpoint.preprocessor());
            VideoRef ref = VideoRef.whole(video);
            float[] expected = Tensors.toFloats(cache.get(ref).features().merged());
            Path file = only(features);
            byte[] whole = Files.readAllBytes(file);
            String header = new String(whole, StandardCharsets.ISO_8859_1);
            for (byte[] damaged : List.of(
                    new byte[0],
                    new byte[whole.length],
                    Arrays.copyOf(whole, whole.length / 2),
                    Arrays.copyOf(Arrays.copyOf(whole, whole.length / 2), whole.length),
                    flipped(whole, whole.length - 9),
                    flipped(whole, header.indexOf("duration") + 11),
                    header.replace("\"cacheFormat\":\"4\"", "\"cacheFormat\":\"3\"")
                            .getBytes(StandardCharsets.ISO_8859_1))) {
                Files.write(file, damaged);
                assertEquals(
                        checkpoint.preprocessor().grids(ref), cache.grids(ref), "grids come from the video instead");
                assertArrayEquals(
                        expected, Tensors.toFloats(cache.get(ref).features().merged()));
                assertArrayEquals(whole, Files.readAllBytes(file));
            }
        }
    }

    private static byte[] flipped(byte[] whole, int at) {
        byte[] damaged = whole.clone();
        damaged[at] ^= 1;
        return damaged;
    }

    private static Path only(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findFirst().orElseThrow();
        }
    }
}
