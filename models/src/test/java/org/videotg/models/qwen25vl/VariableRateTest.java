package org.videotg.models.qwen25vl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.ModelFolder;
import org.videotg.models.PublishedConfigs;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.preprocess.VideoPreprocessor.PatchedVideo;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.video.Mp4Writer;

/** The temporal positions of a file whose frames come at uneven times, and at more than two frames a second. */
class VariableRateTest {
    private static final int SIDE = 64;

    @TempDir
    Path folder;

    @BeforeAll
    static void natives() {
        NativeRuntime.load();
    }

    /** Frames of the first and the last second of a recording of 13 s, and nothing between. */
    @Test
    void gridsStandAtTheTimesOfTheirFrames() throws IOException {
        Path file = write(40, 2);
        int second = timescale(file);
        Files.write(file, withFrameLengths(Files.readAllBytes(file), new int[][] {
            {19, second / 20}, {1, 11 * second}, {19, second / 20}, {1, second / 20}
        }));
        PatchedVideo video = load(file, Map.of());
        assertFalse(video.spacing().even());
        List<TemporalGrid> grids = video.grids().grids();
        long[] expected = grids.stream()
                .mapToLong(grid -> (long) Math.floor(
                        2 * Math.max(0, grid.timestamp() - video.spacing().seconds() / 4)))
                .toArray();
        assertArrayEquals(expected, positions(video, Map.of()));
        // By index they would lie anywhere between the first second and the last.
        for (int i = 0; i < expected.length; i++) {
            double time = grids.get(i).timestamp();
            assertEquals(2 * time, (double) expected[i], 1.6, "grid at " + time + " s");
        }
        assertFalse(Arrays.equals(byIndex(video, 2), expected));
        assertArrayEquals(byIndex(video, 2), positions(video, Map.of("positions", "transformers")));
        assertArrayEquals(new long[grids.size()], positions(video, Map.of("second_per_grid", "0")));
    }

    /** Frames whose times are uneven by little more than is tolerated have the positions of even ones. */
    @Test
    void nearlyEvenTimesGiveThePositionsOfEvenOnes() throws IOException {
        Path file = write(240, 12);
        long[] even = positions(load(file, Map.of()), Map.of());
        int frame = timescale(file) / 12;
        int early = frame * 2 / 5;
        Files.write(file, withFrameLengths(Files.readAllBytes(file), new int[][] {
            {110, frame}, {1, frame - early}, {1, frame + early}, {128, frame}
        }));
        PatchedVideo video = load(file, Map.of());
        assertFalse(video.spacing().even());
        long[] uneven = positions(video, Map.of());
        assertEquals(even.length, uneven.length);
        for (int i = 0; i < even.length; i++) {
            assertTrue(Math.abs(even[i] - uneven[i]) <= 1, "grid " + i);
        }
    }

    @Test
    void moreThanTwoFramesASecondArePlacedByTheirTimes() throws IOException {
        Path file = write(48, 24);
        assertArrayEquals(
                LongStream.range(0, 8).map(i -> i / 2).toArray(),
                positions(load(file, Map.of("fps", "8")), Map.of("fps", "8")));
        assertArrayEquals(
                LongStream.range(0, 24).map(i -> i / 6).toArray(),
                positions(load(file, Map.of("fps", "24")), Map.of("fps", "24")));
    }

    private Path write(int frames, int fps) {
        Path file = folder.resolve("video.mp4");
        Mp4Writer.write(
                file,
                SIDE,
                SIDE,
                fps,
                IntStream.range(0, frames)
                        .mapToObj(i -> new byte[SIDE * SIDE * 3])
                        .iterator(),
                30);
        return file;
    }

    private ModelFolder.OpenSettings settings(Map<String, String> options) throws IOException {
        ObjectNode root = PublishedConfigs.qwen25(2, 256, 64, 2, 2, 461, 8);
        root.put("video_token_id", 460).put("vision_start_token_id", 456).put("vision_end_token_id", 457);
        root.withObject("/vision_config").put("tokens_per_second", 2);
        Files.writeString(folder.resolve("config.json"), root.toString());
        Map<String, String> all = new HashMap<>(Map.of("min_pixels", "784", "max_pixels", "3136"));
        all.putAll(options);
        return ModelFolder.OpenSettings.read(folder, Optional.empty(), VideoOptions.of(all));
    }

    private PatchedVideo load(Path file, Map<String, String> options) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            return new VideoPreprocessor(settings(options).preprocessor()).load(VideoRef.whole(file));
        }
    }

    /** Returns the temporal positions of the grids from the start of the video, as the prompt has them. */
    private long[] positions(PatchedVideo video, Map<String, String> options) throws IOException {
        ModelFolder.OpenSettings settings = settings(options);
        try (Tokenizer tokenizer = Tokenizer.load(Path.of("..", "models", "small", "tokenizer.json"))) {
            double[] times = video.grids().grids().stream()
                    .mapToDouble(TemporalGrid::timestamp)
                    .toArray();
            Prefix prefix = settings.config()
                    .family()
                    .template(settings.config(), tokenizer, settings.options())
                    .prefix("", PromptGrids.all(times, video.spacing(), 1, 1));
            // The token before a video stands one position before it.
            long start = prefix.positions()[0][prefix.visualSlots()[0] - 1] + 1;
            return Arrays.stream(prefix.visualSlots())
                    .mapToLong(slot -> prefix.positions()[0][slot] - start)
                    .toArray();
        }
    }

    private static long[] byIndex(PatchedVideo video, int tokensPerSecond) {
        return LongStream.range(0, video.grids().size())
                .map(i -> (long) ((float) video.spacing().seconds() * i * tokensPerSecond))
                .toArray();
    }

    private static int timescale(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        return ByteBuffer.wrap(bytes).getInt(indexOf(bytes, "mdhd") + 16);
    }

    /**
     * Returns an mp4 file with another table of frame lengths. Its index must be the last box.
     *
     * @param runs numbers of frames and their length in ticks
     */
    private static byte[] withFrameLengths(byte[] mp4, int[][] runs) {
        int table = indexOf(mp4, "stts") - 4;
        int end = table + ByteBuffer.wrap(mp4).getInt(table);
        int length = 16 + 8 * runs.length;
        ByteBuffer changed = ByteBuffer.allocate(mp4.length - (end - table) + length);
        changed.put(mp4, 0, table).putInt(length).put(mp4, table + 4, 8).putInt(runs.length);
        for (int[] run : runs) {
            changed.putInt(run[0]).putInt(run[1]);
        }
        changed.put(mp4, end, mp4.length - end);
        for (String outer : List.of("moov", "trak", "mdia", "minf", "stbl")) {
            int at = indexOf(mp4, outer) - 4;
            changed.putInt(at, changed.getInt(at) + length - (end - table));
        }
        return changed.array();
    }

    private static int indexOf(byte[] bytes, String name) {
        return new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name);
    }
}
