package org.videotg.app.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Installation;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.CurationPipeline;
import org.videotg.method.selection.Selection;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.Selector;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Both agents and the selection in one pass. */
@Command(
        name = "curate",
        description = {
            "Reflect, estimate difficulty and select in one pass that stops when the selection is full: "
                    + "cheaper than reflect, difficulty and select, which look at every sample.",
            "The agents are asked only what the strategy needs, and verdicts that exist are used again.",
            "A stopped run goes on where it was.",
            "With --spark it runs on a cluster (docs/scaling.md): --data is jsonl, JSON or Parquet and --out a folder, in "
                    + "any file system that Spark reads and writes."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg curate --data runs/world/train.jsonl --reflections runs/reflections.jsonl \\",
            "      --difficulty runs/difficulty.jsonl --fraction 0.1 --out runs/selected.jsonl"
        })
final class CurateCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(CurateCommand.class);
    private static final String REFLECTION = "reflection";
    private static final String DIFFICULTY = "difficulty";

    /** Options without a counterpart on Spark. */
    private static final List<String> ELSEWHERE = List.of(
            "--reflections",
            "--difficulty",
            "--report",
            "--truth",
            "--decisions",
            "--cost",
            "--features",
            "--on-bad-video",
            "--deep",
            "--json");

    @Mixin
    private SelectionOptions options;

    @Mixin
    private ModelOptions model;

    @Mixin
    private VideoCheckOptions videos;

    @Mixin
    private ParallelOption parallel;

    @Option(names = "--cost", paramLabel = "FILE", description = "also write what this process has cost, as JSON")
    private Path cost;

    @Option(
            names = "--spark",
            paramLabel = "MASTER",
            description =
                    "run on this Spark cluster, such as spark://HOST:7077, yarn or local[2], through spark-submit of"
                            + " SPARK_HOME; default: in this process")
    private String spark;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        options.requireSection(REFLECTION, DIFFICULTY);
        ReflectionSettings reflection = Settings.change(
                ReflectionSettings.defaults().withSeed(options.seed()),
                options.section(REFLECTION),
                options.where(REFLECTION));
        DifficultySettings difficulty = Settings.change(
                DifficultySettings.defaults().withSeed(options.seed()),
                options.section(DIFFICULTY),
                options.where(DIFFICULTY));
        if (spark != null) {
            return onSpark(reflection, difficulty);
        }
        List<Sample> data = Samples.read(options.data());
        Selector selector = options.selector();
        SelectionSettings settings = options.settings();
        Selection selection;
        int failed = 0;
        if (settings.reflects() || settings.rates()) {
            Map<String, String> skipped = videos.check(options.data(), data, VideoCheckOptions.beside(options.out()));
            Backend.Handle handle = model.find();
            ModelOptions.warn(handle, Samples.videos(options.data(), data));
            PromptTemplate prompt = model.prompt(handle);
            try (Mllm mllm = handle.open();
                    Verdicts<ReflectionVerdict> reflections = settings.reflects()
                            ? open(new BoundaryReflectionAgent(mllm, prompt, reflection), options.reflections(), data)
                            : Verdicts.none();
                    Verdicts<DifficultyVerdict> difficulties = settings.rates()
                            ? open(new DifficultyEstimationAgent(mllm, prompt, difficulty), options.difficulty(), data)
                            : Verdicts.none()) {
                reflections.skip(skipped);
                difficulties.skip(skipped);
                selection = new CurationPipeline(selector, reflections.run(), difficulties.run())
                        .run(data, parallel.of(handle), Progress.logged("curate", settings.poolWanted(data.size())));
                failed = reflections.failed() + difficulties.failed();
            }
        } else {
            selection = selector.select(data, Map.of(), Map.of());
        }
        if (cost != null) {
            AtomicFiles.writeString(cost, Json.line(Cost.ofProcess()) + "\n");
        }
        int code = options.write(selection);
        return failed > 0 && !videos.skips() ? ExitCode.SOFTWARE : code;
    }

    private int onSpark(ReflectionSettings reflection, DifficultySettings difficulty) {
        ParseResult given = spec.commandLine().getParseResult();
        ELSEWHERE.stream().filter(given::hasMatchedOption).findFirst().ifPresent(option -> {
            throw new InputException(option + " can't be combined with --spark; leave it out");
        });
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("data", place(given, "--data"));
        settings.put("out", place(given, "--out"));
        settings.putAll(model.described());
        settings.put("parallel", parallel.given());
        settings.put("selection", Settings.tree(options.settings()));
        settings.put(REFLECTION, Settings.tree(reflection));
        settings.put(DIFFICULTY, Settings.tree(difficulty));
        return SparkSubmit.find(System.getenv(), Installation.current().home())
                .run(
                        spark,
                        settings.entrySet().stream()
                                .filter(setting -> setting.getValue() != null)
                                .map(setting -> setting.getKey() + "=" + Json.line(setting.getValue()))
                                .toList());
    }

    /** A file as it was given with a scheme, or else of this machine's file system. */
    private static String place(ParseResult given, String option) {
        String text = given.matchedOption(option).originalStringValues().get(0);
        return text.matches("[a-z][a-z0-9+.-]+:/.*")
                ? text
                : "file:" + Path.of(text).toAbsolutePath().normalize();
    }

    /** An agent's verdicts and the lock on their file; empty if the agent is not asked. */
    private record Verdicts<V extends Verdict>(Optional<FolderLock> lock, Optional<AgentRun<V>> run)
            implements AutoCloseable {
        static <V extends Verdict> Verdicts<V> none() {
            return new Verdicts<>(Optional.empty(), Optional.empty());
        }

        void skip(Map<String, String> unusable) {
            run.ifPresent(agent -> agent.skip(unusable));
        }

        int failed() {
            return run.map(agent -> agent.summary().failed()).orElse(0);
        }

        @Override
        public void close() {
            run.ifPresent(AgentRun::close);
            lock.ifPresent(FolderLock::close);
        }
    }

    private <V extends Verdict> Verdicts<V> open(Agent<V> agent, Path file, List<Sample> data) {
        FolderLock lock = FolderLock.beside(file, Checks.LOCK_TIMEOUT);
        try {
            return new Verdicts<>(
                    Optional.of(lock), Optional.of(AgentRun.open(agent, file, options.data(), data, LOG::warn)));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }
}
