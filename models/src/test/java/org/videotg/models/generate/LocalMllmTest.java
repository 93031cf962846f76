package org.videotg.models.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.MllmContract;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
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

    @Test
    void aReplyEndsBeforeAStopText() {
        try (Mllm mllm = open()) {
            PromptTemplate.Text asked = PromptTemplate.DEFAULT.grounding("the red square moves");
            Question question = new Question(VideoView.whole(VideoRef.whole(video())), asked.before(), asked.after());
            Decoding decoding = new Decoding(3, 1, 24, 5);
            List<Reply> whole = mllm.ask(question, decoding).replies();
            String stop = whole.get(1).text().substring(2, 5);
            List<Reply> stopped = mllm.ask(question, decoding.withStop(List.of("never there", stop)))
                    .replies();
            for (int i = 0; i < whole.size(); i++) {
                int at = whole.get(i).text().indexOf(stop);
                if (at < 0) {
                    assertEquals(whole.get(i), stopped.get(i));
                } else {
                    assertEquals(
                            whole.get(i).text().substring(0, at), stopped.get(i).text());
                    assertTrue(stopped.get(i).tokens() < whole.get(i).tokens(), "drawing ends there");
                    assertFalse(stopped.get(i).truncated());
                }
            }
            StringBuilder told = new StringBuilder();
            mllm.ask(question, decoding.withStop(List.of(stop)), (reply, text) -> told.append(reply == 1 ? text : ""));
            assertEquals(stopped.get(1).text(), told.toString());
        }
    }

    /** Each thread gets the answer that it gets alone; what fails one of them is no concern of the others. */
    @Test
    void severalThreadsShareTheModel() throws Exception {
        try (Mllm mllm = open()) {
            VideoView view = VideoView.whole(VideoRef.whole(video()));
            List<Question> questions = IntStream.range(0, 6)
                    .mapToObj(i -> new Question(view, "", "the square " + "moves ".repeat(i) + "right"))
                    .toList();
            List<Decoding> decodings = IntStream.range(0, 6)
                    .mapToObj(i -> i % 2 == 0 ? Decoding.greedy(8 + i) : new Decoding(2 + i, 0.5 + i / 10.0, 20, i))
                    .toList();
            List<Answer> alone = IntStream.range(0, 6)
                    .mapToObj(i -> mllm.ask(questions.get(i), decodings.get(i)))
                    .toList();
            double before = Cost.ofProcess().cpuSeconds();
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                Future<Answer> unreadable = threads.submit(() -> mllm.ask(
                        new Question(VideoView.whole(VideoRef.whole(folder.resolve("none.mp4"))), "", "any"),
                        Decoding.greedy(8)));
                Future<Answer> unheard =
                        threads.submit(() -> mllm.ask(questions.get(5), decodings.get(5), (i, text) -> {
                            throw new IllegalStateException("nobody listens");
                        }));
                Map<Integer, Future<Answer>> asked = new TreeMap<>();
                StringBuilder told = new StringBuilder();
                for (int i = 0; i < 6; i++) {
                    int number = i;
                    asked.put(
                            i,
                            threads.submit(() -> mllm.ask(
                                    questions.get(number),
                                    decodings.get(number),
                                    (reply, text) -> told.append(number == 1 && reply == 2 ? text : ""))));
                }
                double spent = 0;
                for (int i = 0; i < 6; i++) {
                    Answer answer = asked.get(i).get();
                    assertEquals(alone.get(i).texts(), answer.texts());
                    assertEquals(alone.get(i).promptTokens(), answer.promptTokens());
                    assertEquals(
                            alone.get(i).cost().tokenForwards(), answer.cost().tokenForwards());
                    spent += answer.cost().cpuSeconds();
                }
                assertTrue(spent <= Cost.ofProcess().cpuSeconds() - before, "no time counts twice");
                assertEquals(alone.get(1).texts().get(2), told.toString());
                assertInstanceOf(
                        InputException.class,
                        assertThrows(ExecutionException.class, unreadable::get).getCause());
                assertEquals(
                        "nobody listens",
                        assertThrows(ExecutionException.class, unheard::get)
                                .getCause()
                                .getMessage());
            } finally {
                threads.shutdownNow();
            }
            assertEquals(alone.get(1), withCost(mllm.ask(questions.get(1), decodings.get(1)), alone.get(1)));
        }
    }

    /** The video is in the way: a question that shares its view does not read it. */
    @Test
    void furtherQuestionsAboutAViewDoNotReadTheVideoAgain() throws IOException {
        Path file = Files.copy(video(), folder.resolve("asked-twice.mp4"));
        VideoView view = VideoView.whole(VideoRef.whole(file));
        Question question = new Question(view, "", query());
        Answer alone;
        try (Mllm mllm = open()) {
            alone = mllm.ask(question, Decoding.greedy(12).withAlternatives(1));
        }
        try (Mllm mllm = LocalMllm.open(Path.of("..", "models", "small"), folder.resolve("features-asked-twice"))) {
            mllm.ask(new Question(view, "", "the square moves"), Decoding.greedy(3));
            AtomicFiles.deleteTree(folder.resolve("features-asked-twice"));
            FileTime modified = Files.getLastModifiedTime(file);
            Files.write(file, new byte[(int) Files.size(file)]);
            Files.setLastModifiedTime(file, modified);
            Answer shared = mllm.ask(question, Decoding.greedy(12).withAlternatives(1));
            assertEquals(alone.replies(), shared.replies(), "to the bit, as after any other question");
            assertEquals(alone.cost().tokenForwards(), shared.cost().tokenForwards());
            Question other = new Question(view, "Look: ", query());
            assertThrows(InputException.class, () -> mllm.ask(other, Decoding.greedy(3)), "with text before it");
        }
    }

    private static Answer withCost(Answer answer, Answer other) {
        return new Answer(answer.replies(), answer.promptTokens(), other.cost());
    }

    @Test
    void logProbabilitiesAreToldOnRequest() {
        try (Mllm mllm = open()) {
            Question question = new Question(VideoView.whole(VideoRef.whole(video())), "", query());
            Reply plain = mllm.ask(question, Decoding.greedy(8)).replies().get(0);
            assertEquals(List.of(), plain.drawn());
            Reply told = mllm.ask(question, Decoding.greedy(8).withAlternatives(3))
                    .replies()
                    .get(0);
            assertEquals(plain.text(), told.text());
            assertEquals(told.tokens(), told.drawn().size());
            for (Reply.Drawn drawn : told.drawn()) {
                assertEquals(3, drawn.alternatives().size());
                assertEquals(drawn.text(), drawn.alternatives().get(0).text(), "greedy takes the likeliest");
                assertEquals(drawn.logProb(), drawn.alternatives().get(0).logProb());
                assertTrue(drawn.logProb() <= 0 && drawn.alternatives().get(1).logProb() <= drawn.logProb());
            }
        }
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
                assertTrue(asked.contains("longer than the model's 32768 (max_position_embeddings)"), asked);
            }
            YesNo yesNo = mllm.yesNo().orElseThrow();
            String probed = assertThrows(
                            InputException.class, () -> yesNo.probabilities(missing, "", List.of("short", words)))
                    .getMessage();
            assertTrue(probed.contains("longer than the model's 32768 (max_position_embeddings)"), probed);
        }
    }

    @Override
    protected String query() {
        return "the red square moves right";
    }
}
