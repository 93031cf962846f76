package org.videotg.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.UnavailableException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.video.Mp4Writer;

/** An agent asks a server that misbehaves: no verdict is lost or stored twice, and none is changed. */
class ServerFaultsTest {
    private static final int QUESTIONS = 200;
    private static final Map<String, String> QUICK =
            Map.of("first_wait", "0.005", "longest_wait", "0.02", "timeout", "0.3", "patience", "60");

    @TempDir
    private Path folder;

    private final List<Sample> data = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    @BeforeEach
    void makeData() {
        Mp4Writer.write(
                folder.resolve("v.mp4"),
                64,
                64,
                4,
                IntStream.range(0, 16).mapToObj(i -> new byte[3 * 64 * 64]).iterator(),
                Mp4Writer.CRISP);
        for (int i = 0; i < QUESTIONS; i++) {
            data.add(Sample.vtg("s" + i, "v.mp4", 4, "event number " + i + ".", List.of(new Interval(1, 3))));
        }
    }

    private AgentRun<DifficultyVerdict> open(Mllm mllm, String file) {
        return AgentRun.open(
                new DifficultyEstimationAgent(
                        mllm,
                        PromptTemplate.DEFAULT,
                        DifficultySettings.defaults().withSamples(2, 1)),
                folder.resolve(file),
                folder.resolve("data.jsonl"),
                data,
                warnings::add);
    }

    private AgentRun.Summary judge(StubServer server, Map<String, String> settings, String file, int parallel) {
        try (Mllm mllm = OpenAiMllmTest.find(server, settings, Map.of()).open();
                AgentRun<DifficultyVerdict> run = open(mllm, file)) {
            return run.judgeAll(data, parallel, Progress.silent());
        }
    }

    /** Verdicts by id, without what they have cost; a second row of a sample is an error of the reader. */
    private Map<String, List<Object>> verdicts(String file) {
        Map<String, List<Object>> verdicts = new TreeMap<>();
        AgentRun.read(folder.resolve(file), DifficultyVerdict.class)
                .forEach((id, verdict) -> verdicts.put(
                        id,
                        List.of(
                                verdict.replies(),
                                verdict.ious(),
                                verdict.failed(),
                                verdict.cost().tokenForwards())));
        return verdicts;
    }

    @Test
    void noVerdictIsLostOrStoredTwice() {
        try (StubServer server = new StubServer(StubServer.Faults.NONE)) {
            assertEquals(0, judge(server, QUICK, "calm.jsonl", 4).failed());
        }
        try (StubServer server = new StubServer(new StubServer.Faults(0.3, 7, 500))) {
            AgentRun.Summary summary = judge(server, QUICK, "storm.jsonl", 16);
            assertEquals(List.of(QUESTIONS, 0), List.of(summary.samples(), summary.failed()), warnings.toString());
            assertTrue(
                    server.requests().size() > QUESTIONS * 5 / 4,
                    "faults came: " + server.requests().size());
        }
        assertEquals(verdicts("calm.jsonl"), verdicts("storm.jsonl"));
        assertEquals(
                data.stream().map(Sample::id).toList(),
                Jsonl.read(folder.resolve("storm.jsonl")).stream()
                        .map(row -> row.node().path("id").asText())
                        .toList());
    }

    @Test
    void whatCannotBeJudgedIsRecordedAndAskedAgain() {
        data.subList(30, QUESTIONS).clear();
        try (StubServer server = new StubServer(StubServer.Faults.NONE).alwaysFails("number 7")) {
            assertEquals(1, judge(server, QUICK, "d.jsonl", 4).failed());
            assertTrue(warnings.get(0).contains("\"s7\"") && warnings.get(0).contains("this question is poison"));
            server.alwaysFails("");
            try (Mllm mllm = OpenAiMllmTest.find(server, QUICK, Map.of()).open();
                    AgentRun<DifficultyVerdict> run = open(mllm, "d.jsonl")) {
                assertEquals(1, run.removeFailures());
                int before = server.requests().size();
                assertEquals(0, run.judgeAll(data, 4, Progress.silent()).failed());
                assertEquals(before + 1, server.requests().size(), "only what failed is asked again");
            }
        }
    }

    /** As after a restart: it is away longer than all attempts at one question would last. */
    @Test
    void aServerThatComesBackIsWaitedFor() throws Exception {
        StubServer first = new StubServer(StubServer.Faults.NONE);
        int port = first.port();
        Mllm mllm = OpenAiMllmTest.find(first, QUICK, Map.of()).open();
        try (mllm;
                AgentRun<DifficultyVerdict> run = open(mllm, "d.jsonl")) {
            first.close();
            CompletableFuture<AgentRun.Summary> done =
                    CompletableFuture.supplyAsync(() -> run.judgeAll(data.subList(0, 20), 4, Progress.silent()));
            Thread.sleep(700);
            assertTrue(!done.isDone());
            try (StubServer second = new StubServer(StubServer.Faults.NONE, port)) {
                assertEquals(0, done.get().failed());
            }
        }
        assertEquals(20, verdicts("d.jsonl").size());
    }

    @Test
    void aServerThatIsGoneStopsTheRunAndFailsNoSample() {
        Map<String, String> impatient = new TreeMap<>(QUICK);
        impatient.put("patience", "0.3");
        StubServer server = new StubServer(StubServer.Faults.NONE);
        try (Mllm mllm = OpenAiMllmTest.find(server, impatient, Map.of()).open();
                AgentRun<DifficultyVerdict> run = open(mllm, "d.jsonl")) {
            run.judgeAll(data.subList(0, 5), 2, Progress.silent());
            server.close();
            String message = assertThrows(UnavailableException.class, () -> run.judgeAll(data, 4, Progress.silent()))
                    .getMessage();
            assertTrue(message.contains("does not answer") && message.contains("run the same command again"), message);
        }
        assertEquals(5, verdicts("d.jsonl").size());
        assertTrue(warnings.isEmpty());
    }

    @Test
    void aServerThatAnswersNothingAnyMoreStopsTheRun() {
        try (StubServer server = new StubServer(StubServer.Faults.NONE).alwaysFails("event")) {
            assertThrows(UnavailableException.class, () -> judge(server, QUICK, "d.jsonl", 8));
            int stored = verdicts("d.jsonl").size();
            assertTrue(stored < 2 * ServerClient.LOST_IN_A_ROW, "stored " + stored);
        }
    }

    @Test
    void anotherModelIsRefused() {
        data.subList(3, QUESTIONS).clear();
        try (StubServer server = new StubServer(StubServer.Faults.NONE)) {
            judge(server, QUICK, "d.jsonl", 1);
            server.owner("sglang");
            String message = assertThrows(InputException.class, () -> judge(server, QUICK, "d.jsonl", 1))
                    .getMessage();
            assertTrue(message.contains("made with model \"architecture\" \"server vllm\""), message);
        }
    }
}
