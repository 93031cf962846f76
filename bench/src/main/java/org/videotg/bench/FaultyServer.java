package org.videotg.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.videotg.client.StubServer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.video.Mp4Writer;

/**
 * A server that misbehaves in three of ten attempts: {@code FaultyServer verdicts QUESTIONS SEEDS} asks it and compares
 * the verdicts with those of a calm server, {@code FaultyServer data FOLDER QUESTIONS} writes the questions, and
 * {@code FaultyServer serve PORT SEED} runs it for {@code bench/servers/kills.sh}.
 */
public final class FaultyServer {
    private static final int PARALLEL = 64;
    private static final double SHARE = 0.3;
    private static final int SIDE = 64;
    private static final Map<String, String> QUICK =
            Map.of("first_wait", "0.01", "longest_wait", "0.1", "timeout", "2", "patience", "120");

    private FaultyServer() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("FaultyServer PART FIRST SECOND", arguments, FaultyServer::run);
    }

    private static void run(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "verdicts" -> verdicts(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
            case "data" -> data(Path.of(arguments[1]), Integer.parseInt(arguments[2]));
            case "serve" -> {
                long seed = Long.parseLong(arguments[2]);
                double share = seed == 0 ? 0 : SHARE;
                new StubServer(new StubServer.Faults(share, seed, 3000), Integer.parseInt(arguments[1])).forgets();
                while (true) {
                    LockSupport.park();
                }
            }
            default -> throw new IllegalArgumentException("PART is verdicts, data or serve");
        }
    }

    private static List<Sample> data(Path folder, int questions) throws Exception {
        Files.createDirectories(folder);
        Mp4Writer.write(
                folder.resolve("v.mp4"),
                SIDE,
                SIDE,
                4,
                IntStream.range(0, 16).mapToObj(i -> new byte[3 * SIDE * SIDE]).iterator(),
                Mp4Writer.CRISP);
        List<Sample> data = new ArrayList<>();
        for (int i = 0; i < questions; i++) {
            data.add(Sample.vtg("s" + i, "v.mp4", 4, "event number " + i, List.of(new Interval(1, 3))));
        }
        Samples.write(folder.resolve("data.jsonl"), data);
        return data;
    }

    private static void verdicts(int questions, int seeds) throws Exception {
        Path folder = Files.createTempDirectory("faulty");
        List<Sample> data = data(folder, questions);
        Map<String, List<Object>> calm = judge(folder, data, new StubServer.Faults(0, 0, 0));
        for (int seed = 1; seed <= seeds; seed++) {
            Map<String, List<Object>> storm = judge(folder, data, new StubServer.Faults(SHARE, seed, 3000));
            long changed = calm.entrySet().stream()
                    .filter(verdict -> !verdict.getValue().equals(storm.get(verdict.getKey())))
                    .count();
            System.out.println("seed " + seed + ": " + storm.size() + " verdicts of " + calm.size() + ", " + changed
                    + " lost, failed or changed");
            if (changed > 0) {
                throw new IllegalArgumentException("verdicts differ; see " + folder);
            }
        }
    }

    private static void warn(String line) {
        System.err.println(line);
    }

    /** Verdicts by id, without their cost in time; a second row of one sample is an error of the reader. */
    private static Map<String, List<Object>> judge(Path folder, List<Sample> data, StubServer.Faults faults) {
        Path file = folder.resolve("verdicts-" + faults.seed() + ".jsonl");
        try (StubServer server = new StubServer(faults).forgets();
                Mllm mllm = Backend.findModel(new Backend.Request(
                                server.model(), Optional.empty(), Map.of(), folder, "auto", "auto", QUICK))
                        .open();
                AgentRun<DifficultyVerdict> run = AgentRun.open(
                        new DifficultyEstimationAgent(
                                mllm,
                                PromptTemplate.DEFAULT,
                                DifficultySettings.defaults().withSamples(2, 1)),
                        file,
                        folder.resolve("data.jsonl"),
                        data,
                        FaultyServer::warn)) {
            run.judgeAll(data, PARALLEL, Progress.silent());
        }
        Map<String, List<Object>> verdicts = new TreeMap<>();
        AgentRun.read(file, DifficultyVerdict.class)
                .forEach((id, verdict) -> verdicts.put(
                        id,
                        List.of(
                                verdict.replies(),
                                verdict.ious(),
                                verdict.failed(),
                                verdict.cost().tokenForwards())));
        return verdicts;
    }
}
