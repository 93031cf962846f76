package org.videotg.core.mllm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;

/**
 * What every implementation of the port {@link Mllm} must do. An implementation's test extends this class and says how
 * to open the model, a video of at least four temporal grids, and a path at which there is none.
 */
public abstract class MllmContract {
    private static final int MAX_TOKENS = 24;
    private static final PromptTemplate PROMPT = PromptTemplate.DEFAULT;

    /** A fresh model; the caller closes it. */
    protected abstract Mllm open();

    /** A readable video of at least four temporal grids. */
    protected abstract Path video();

    private VideoRef watched() {
        return VideoRef.whole(video());
    }

    /** A path at which there is no video. */
    protected Path missing() {
        return Path.of("no-such-folder", "no-such-video.mp4");
    }

    /** Something that can be asked about {@link #video()}. */
    protected String query() {
        return "a person opens the door";
    }

    /** Whether the same seed gives the same sampled replies; a remote server may not promise it. */
    protected boolean seeded() {
        return true;
    }

    @Test
    void identityIsCompleteAndStable() {
        try (Mllm first = open();
                Mllm second = open()) {
            ModelIdentity identity = first.identity();
            for (String part :
                    List.of(identity.name(), identity.architecture(), identity.weights(), identity.preprocessing())) {
                assertFalse(part.isBlank());
            }
            assertEquals(identity, second.identity());
        }
    }

    @Test
    void gridsTileTheVideo() {
        try (Mllm mllm = open()) {
            TemporalGrids grids = mllm.grids(watched());
            assertTrue(grids.size() >= 4, "the contract needs a video of at least four grids");
            double end = 0;
            for (int i = 0; i < grids.size(); i++) {
                TemporalGrid grid = grids.grids().get(i);
                assertEquals(i, grid.index());
                assertEquals(end, grid.span().start(), 1e-9);
                assertTrue(grid.span().start() <= grid.timestamp()
                        && grid.timestamp() <= grid.span().end());
                end = grid.span().end();
            }
            assertEquals(grids.duration(), end, 1e-9);
            assertEquals(grids, mllm.grids(watched()));
        }
    }

    @Test
    void givesAsManyRepliesAsAskedWithinTheLimit() {
        try (Mllm mllm = open()) {
            List<Reply> replies =
                    mllm.ask(ground(GridMask.none()), new Decoding(3, 1, 2, 7)).replies();
            assertEquals(3, replies.size());
            for (Reply reply : replies) {
                assertNotNull(reply.text());
                assertTrue(reply.tokens() >= 1 && reply.tokens() <= 2, reply.toString());
            }
        }
    }

    @Test
    void greedyRepliesRepeat() {
        try (Mllm first = open();
                Mllm second = open()) {
            List<Reply> replies = first.ask(ground(GridMask.none()), Decoding.greedy(MAX_TOKENS))
                    .replies();
            assertEquals(
                    replies,
                    first.ask(ground(GridMask.none()), Decoding.greedy(MAX_TOKENS))
                            .replies());
            assertEquals(
                    replies,
                    second.ask(ground(GridMask.none()), Decoding.greedy(MAX_TOKENS))
                            .replies());
        }
    }

    @Test
    void sampledRepliesDependOnSeedAndRolloutOnly() {
        assumeTrue(seeded(), "this model does not promise seeded replies");
        try (Mllm first = open();
                Mllm second = open()) {
            List<Reply> four = first.ask(ground(GridMask.none()), new Decoding(4, 1, MAX_TOKENS, 11))
                    .replies();
            second.ask(ground(GridMask.none()), new Decoding(2, 1, MAX_TOKENS, 12));
            assertEquals(
                    four,
                    second.ask(ground(GridMask.none()), new Decoding(4, 1, MAX_TOKENS, 11))
                            .replies());
        }
    }

    @Test
    void aListenerIsToldTheReplies() {
        try (Mllm mllm = open()) {
            Decoding decoding = new Decoding(2, seeded() ? 1 : 0, MAX_TOKENS, 3);
            Map<Integer, String> told = new TreeMap<>();
            Answer answer = mllm.ask(
                    ground(GridMask.none()), decoding, (reply, text) -> told.merge(reply, text, String::concat));
            assertEquals(answer.texts(), List.copyOf(told.values()));
            assertThrows(
                    CancellationException.class,
                    () -> mllm.ask(ground(GridMask.none()), decoding, (reply, text) -> {
                        throw new CancellationException("no longer wanted");
                    }));
            if (seeded()) {
                assertEquals(
                        answer.replies(),
                        mllm.ask(ground(GridMask.none()), decoding).replies());
            }
        }
    }

    @Test
    void answersAboutMaskedViews() {
        for (MaskMode mode : MaskMode.values()) {
            try (Mllm mllm = open()) {
                assertEquals(
                        1,
                        mllm.ask(ground(allButTheFirst(mllm, mode)), Decoding.greedy(MAX_TOKENS))
                                .replies()
                                .size());
            }
        }
    }

    @Test
    void anAnswerTellsItsPromptAndItsOwnCost() {
        try (Mllm mllm = open()) {
            Answer first = mllm.ask(ground(GridMask.none()), Decoding.greedy(2));
            assertTrue(first.promptTokens() > 0);
            assertTrue(first.cost().tokenForwards() > first.promptTokens());
            assertTrue(first.cost().cpuSeconds() >= 0);
            Answer second = mllm.ask(ground(GridMask.none()), Decoding.greedy(2));
            assertEquals(first.promptTokens(), second.promptTokens());
            assertEquals(first.cost().tokenForwards(), second.cost().tokenForwards(), "not a running total");
        }
    }

    @Test
    void aDroppedGridCostsNothing() {
        try (Mllm mllm = open()) {
            Answer whole = mllm.ask(ground(GridMask.none()), Decoding.greedy(1));
            Answer dropped = mllm.ask(ground(allButTheFirst(mllm, MaskMode.DROP)), Decoding.greedy(1));
            assertTrue(dropped.cost().tokenForwards() < whole.cost().tokenForwards());
            assertTrue(dropped.promptTokens() < whole.promptTokens());
        }
    }

    @Test
    void severalThreadsGetTheAnswersOfOne() throws Exception {
        try (Mllm mllm = open()) {
            List<Decoding> decodings = IntStream.range(0, 8)
                    .mapToObj(seed -> new Decoding(2, seeded() ? 1 : 0, MAX_TOKENS, seed))
                    .toList();
            List<Callable<List<Reply>>> questions = decodings.stream()
                    .map(decoding -> (Callable<List<Reply>>)
                            () -> mllm.ask(ground(GridMask.none()), decoding).replies())
                    .toList();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Future<List<Reply>>> answers = threads.invokeAll(questions);
                for (int i = 0; i < decodings.size(); i++) {
                    assertEquals(questions.get(i).call(), answers.get(i).get(), "question " + i);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    @Test
    void namesAnUnreadableVideoAndGoesOn() {
        try (Mllm mllm = open()) {
            InputException grids = assertThrows(InputException.class, () -> mllm.grids(VideoRef.whole(missing())));
            assertTrue(grids.getMessage().contains(missing().getFileName().toString()), grids.getMessage());
            assertEquals(1, grids.getMessage().lines().count());
            Question question = new Question(
                    VideoView.whole(VideoRef.whole(missing())),
                    PROMPT.grounding(query()).before(),
                    PROMPT.ground());
            assertThrows(InputException.class, () -> mllm.ask(question, Decoding.greedy(1)));
            assertEquals(
                    1,
                    mllm.ask(ground(GridMask.none()), Decoding.greedy(1))
                            .replies()
                            .size());
        }
    }

    @Test
    void weighsYesAgainstNoPerQuestion() {
        try (Mllm mllm = open()) {
            assumeTrue(mllm.yesNo().isPresent(), "this model can't weigh yes against no");
            YesNo yesNo = mllm.yesNo().get();
            VideoView view = VideoView.whole(watched());
            String before = PROMPT.grounding(query()).before();
            List<String> questions = mllm.grids(watched()).grids().stream()
                    .limit(4)
                    .map(grid -> PROMPT.probing(query(), grid.timestamp()).after())
                    .toList();
            YesNo.Probabilities answer = yesNo.probabilities(view, before, questions);
            assertTrue(answer.promptTokens() > 0);
            assertTrue(answer.cost().tokenForwards() > answer.promptTokens());
            double[] together =
                    answer.yes().stream().mapToDouble(Double::doubleValue).toArray();
            double[] alone = questions.stream()
                    .mapToDouble(question -> yesNo.probabilities(view, before, List.of(question))
                            .yes()
                            .get(0))
                    .toArray();
            assertArrayEquals(alone, together, 1e-3);
            for (double probability : together) {
                assertTrue(probability >= 0 && probability <= 1, "P(yes) " + probability);
            }
            assertEquals(0, yesNo.probabilities(view, before, List.of()).yes().size());
        }
    }

    private Question ground(GridMask mask) {
        return new Question(
                new VideoView(watched(), mask), PROMPT.grounding(query()).before(), PROMPT.ground());
    }

    private GridMask allButTheFirst(Mllm mllm, MaskMode mode) {
        BitSet masked = new BitSet();
        masked.set(1, mllm.grids(watched()).size());
        return GridMask.of(masked, mode);
    }
}
