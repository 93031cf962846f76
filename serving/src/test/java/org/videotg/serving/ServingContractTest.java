package org.videotg.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.MllmContract;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;

/**
 * The committed checkpoint behind a server, asked by the module client, keeps the port's contract and answers as it does
 * in this process.
 */
class ServingContractTest extends MllmContract {
    private static final String QUERY = "the red square moves";

    @TempDir
    static Path folder;

    private static Served served;

    @BeforeAll
    static void start() throws IOException {
        served = Served.start(folder);
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Override
    protected Mllm open() {
        return Backend.findModel(new Backend.Request(
                        "http://127.0.0.1:" + served.serving.port() + "/v1#small",
                        Optional.empty(),
                        Map.of(),
                        folder,
                        "auto",
                        "auto"))
                .open();
    }

    @Override
    protected Path video() {
        Path file = folder.resolve("square.mp4");
        return Files.exists(file) ? file : Served.video(file, 8);
    }

    @Override
    protected String query() {
        return QUERY;
    }

    @Test
    void answersAsTheModelDoesInThisProcess() throws IOException {
        BitSet masked = new BitSet();
        masked.set(1, 4);
        PromptTemplate prompt = PromptTemplate.DEFAULT;
        try (Mllm remote = open();
                Mllm local = Served.handle(folder.resolve("features-local")).open()) {
            Path pictures = Served.pictures(folder.resolve("pictures"), 6);
            for (VideoRef video : List.of(
                    VideoRef.whole(video()), new VideoRef(video(), new Clip(1.5, 7)), VideoRef.whole(pictures))) {
                assertEquals(local.grids(video), remote.grids(video));
                for (GridMask mask : List.of(
                        GridMask.none(), GridMask.of(masked, MaskMode.BLANK), GridMask.of(masked, MaskMode.DROP))) {
                    VideoView view = new VideoView(video, mask);
                    PromptTemplate.Text text = prompt.grounding(QUERY);
                    for (Decoding decoding : List.of(Decoding.greedy(48), new Decoding(4, 1, 48, 11))) {
                        Question question = new Question(view, text.before(), text.after());
                        assertEquals(
                                local.ask(question, decoding).replies(),
                                remote.ask(question, decoding).replies());
                        assertEquals(
                                local.ask(question, decoding).promptTokens(),
                                remote.ask(question, decoding).promptTokens());
                    }
                    List<String> questions = List.of(
                            prompt.probing(QUERY, 1.0).after(),
                            prompt.probing(QUERY, 5.0).after());
                    List<Double> here = local.yesNo()
                            .orElseThrow()
                            .probabilities(view, text.before(), questions)
                            .yes();
                    List<Double> there = remote.yesNo()
                            .orElseThrow()
                            .probabilities(view, text.before(), questions)
                            .yes();
                    for (int i = 0; i < here.size(); i++) {
                        assertEquals(here.get(i), there.get(i), 1e-4);
                    }
                }
            }
        }
    }
}
