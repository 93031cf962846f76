package org.videotg.review;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.video.Mp4Writer;

/** Five samples with short videos and verdicts, and a program that serves them. */
record SmallReview(Path folder) {
    /** A query that would run a script if it were taken for markup. */
    static final String MARKUP = "a <img src=x onerror=\"window.broken=1\"> & <script>window.broken=1</script> blinks";

    static SmallReview write(Path folder) throws IOException {
        SmallReview review = new SmallReview(folder);
        List<Sample> samples = new ArrayList<>();
        List<String> reflections = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            String id = i == 1 ? "s/1 \"<b>\"" : "s" + i;
            String video = "videos/v" + i + (i == 2 ? ".avi" : ".mp4");
            samples.add(
                    Sample.vtg(id, video, 4, i == 1 ? MARKUP : "shape " + i + " blinks", List.of(new Interval(1, 2))));
            reflections.add("{\"id\":" + Json.line(id) + ",\"spans\":"
                    + (i == 4 ? "[]" : "[[3,3." + (9 - i) + "]]") + ",\"partial\":" + (i < 4) + ",\"replies\":["
                    + "{\"grid\":0,\"time\":0.5,\"yes\":0.02},{\"grid\":3,\"time\":3.5,\"yes\":0.7}]}\n");
        }
        Files.createDirectories(folder.resolve("videos"));
        for (int i : new int[] {0, 1, 3, 4}) {
            byte[] frame = new byte[96 * 64 * 3];
            int[] shade = {0};
            Mp4Writer.write(
                    folder.resolve("videos/v" + i + ".mp4"),
                    96,
                    64,
                    10,
                    IntStream.range(0, 40)
                            .mapToObj(t -> {
                                Arrays.fill(frame, (byte) (shade[0] += 5));
                                return frame;
                            })
                            .iterator(),
                    26);
        }
        // 40 frames of mpeg4 in avi, which browsers do not play.
        try (var avi = SmallReview.class.getResourceAsStream("mpeg4.avi")) {
            Files.write(folder.resolve("videos/v2.avi"), avi.readAllBytes());
        }
        Samples.write(review.data(), samples);
        AtomicFiles.writeString(review.reflections(), String.join("", reflections));
        AtomicFiles.writeString(
                review.difficulty(),
                "{\"id\":\"s0\",\"ious\":[0.5,0.2],\"spans\":[[[1,2.5]],[[3,4]]],\"replies\":[\"from 1 to 2.5\","
                        + "\"<b>from 3 to 4</b>\"]}\n");
        return review;
    }

    Path data() {
        return folder.resolve("train.jsonl");
    }

    Path reflections() {
        return folder.resolve("reflections.jsonl");
    }

    Path difficulty() {
        return folder.resolve("difficulty.jsonl");
    }

    Path decisions() {
        return folder.resolve("decisions.jsonl");
    }

    ReviewData read() {
        return ReviewData.read(new ReviewData.Sources(
                data(), Optional.of(reflections()), Optional.of(difficulty()), List.of(), Optional.empty()));
    }

    ReviewServer serve(DecisionLog log, int port) {
        return ReviewServer.start(
                new ReviewServer.Settings(port, folder.resolve("copies"), "", Clock.systemUTC()), read(), log);
    }

    /** Serves the review in a folder until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        SmallReview review = new SmallReview(Path.of(arguments[0]));
        DecisionLog log = DecisionLog.open(review.decisions(), Duration.ofSeconds(5));
        System.out.println(review.serve(log, Integer.parseInt(arguments[1])).page());
        Thread.sleep(Duration.ofMinutes(10).toMillis());
    }
}
