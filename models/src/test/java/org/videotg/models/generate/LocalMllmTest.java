package org.videotg.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.MllmContract;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.Mp4Writer;

/** The committed checkpoint behind the port keeps the port's contract. */
class LocalMllmTest extends MllmContract {
    private static final int SIZE = 64;

    @TempDir
    static Path folder;

    @Override
    protected Mllm open() {
        return LocalMllm.open(Path.of("..", "models", "small"), folder.resolve("features"));
    }

    /** A square that moves for eight seconds. */
    @Override
    protected Path video() {
        Path file = folder.resolve("video.mp4");
        if (!Files.exists(file)) {
            Mp4Writer.write(
                    file,
                    SIZE,
                    SIZE,
                    4,
                    IntStream.range(0, 32).mapToObj(LocalMllmTest::frame).iterator(),
                    Mp4Writer.CRISP);
        }
        return file;
    }

    private static byte[] frame(int number) {
        byte[] rgb = new byte[3 * SIZE * SIZE];
        for (int y = 20; y < 34; y++) {
            for (int x = 2 * number % (SIZE - 14); x < 2 * number % (SIZE - 14) + 14; x++) {
                rgb[3 * (y * SIZE + x)] = (byte) 220;
            }
        }
        return rgb;
    }

    /** The video is overwritten under the same size and time, so only a scan would notice. */
    @Test
    void gridsOfAnEncodedVideoAreNotScannedAgain() throws IOException {
        Path file = Files.copy(video(), folder.resolve("overwritten.mp4"));
        try (Mllm mllm = open()) {
            TemporalGrids scanned = mllm.grids(VideoRef.whole(file));
            mllm.ask(new Question(VideoView.whole(VideoRef.whole(file)), "", query()), Decoding.greedy(1));
            FileTime modified = Files.getLastModifiedTime(file);
            Files.write(file, new byte[(int) Files.size(file)]);
            Files.setLastModifiedTime(file, modified);
            Path unremembered = folder.resolve(".").resolve("overwritten.mp4");
            assertEquals(scanned, mllm.grids(VideoRef.whole(unremembered)));
        }
    }

    /** The video is missing, which would be said first if it were looked at. */
    @Test
    void aQueryThatIsTooLongIsRefusedBeforeTheVideoIsRead() {
        VideoView missing = VideoView.whole(VideoRef.whole(folder.resolve("missing.mp4")));
        String words = "word ".repeat(40_000);
        try (Mllm mllm = open()) {
            for (Question question : List.of(new Question(missing, words, ""), new Question(missing, "", words))) {
                String asked = assertThrows(InputException.class, () -> mllm.ask(question, Decoding.greedy(1)))
                        .getMessage();
                assertTrue(asked.contains("longer than the model's 32768"), asked);
            }
            YesNo yesNo = mllm.yesNo().orElseThrow();
            String probed = assertThrows(
                            InputException.class, () -> yesNo.probabilities(missing, "", List.of("short", words)))
                    .getMessage();
            assertTrue(probed.contains("longer than the model's 32768"), probed);
        }
    }

    @Override
    protected String query() {
        return "the red square moves right";
    }
}
