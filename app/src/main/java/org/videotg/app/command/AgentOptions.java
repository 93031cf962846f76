package org.videotg.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Settings;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.selection.Selector;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of the commands that run one agent over a data set, and how they run it. */
final class AgentOptions {
    private static final Logger LOG = LoggerFactory.getLogger(AgentOptions.class);

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "samples (jsonl)")
    private Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "verdicts (jsonl), appended as they are made; a stopped run goes on where it was")
    private Path out;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "0",
            description = "seed of sampled replies and of the order of the samples; default: 0")
    private long seed;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "0",
            description = "judge at most N samples; default: all")
    private int limit;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "any other setting; a wrong name lists them all")
    private Map<String, String> set = new LinkedHashMap<>();

    @Mixin
    private PartOption part;

    @Mixin
    private VideoCheckOptions videos;

    @Mixin
    private ParallelOption parallel;

    @Option(names = "--retry", description = "ask again about what could not be judged before")
    private boolean retry;

    @Option(names = "--json", description = "print the summary as one JSON object")
    private boolean json;

    /** Makes the agent of a model. */
    @FunctionalInterface
    interface Maker<V extends Verdict> {
        Agent<V> agent(Mllm mllm, PromptTemplate prompt);
    }

    long seed() {
        return seed;
    }

    /** The defaults, changed by the named options that were given, then by {@code --set}. */
    <T extends Record> T settings(T defaults, Map<String, Object> options, String where) {
        ObjectNode given = Json.MAPPER.createObjectNode();
        options.forEach((name, value) -> {
            if (value != null) {
                given.set(name, Json.MAPPER.valueToTree(value));
            }
        });
        return Settings.change(Settings.change(defaults, given, where), set, where + ": --set");
    }

    <V extends Verdict> int run(Maker<V> maker) {
        Checks.file("--out", out);
        Checks.atLeast(0, "--limit", limit);
        if (limit > 0 && !part.get().isWhole()) {
            throw new InputException("--limit can't be combined with --part, since merge wants all samples of a part;"
                    + " leave one of them out");
        }
        List<Sample> samples = Samples.read(data);
        List<Sample> order = Selector.shuffled(part.get().of(data, samples), seed);
        List<Sample> judged = limit > 0 && limit < order.size() ? order.subList(0, limit) : order;
        Map<String, String> skipped = videos.check(data, judged, VideoCheckOptions.beside(out));
        Backend.Handle handle = model.find();
        ModelOptions.warn(handle, Samples.videos(data, samples));
        try (FolderLock lock = FolderLock.beside(out, Checks.LOCK_TIMEOUT);
                Mllm mllm = handle.open()) {
            Agent<V> agent = maker.agent(mllm, model.prompt(handle));
            AgentRun.Summary summary;
            try (AgentRun<V> run = AgentRun.open(agent, out, data, samples, LOG::warn)) {
                if (retry) {
                    run.removeFailures();
                }
                run.skip(skipped);
                summary = run.judgeAll(judged, parallel.of(handle), Progress.logged(agent.name(), judged.size()));
            }
            System.out.println(json ? Json.line(summary) : text(summary));
            return summary.failed() == 0 || videos.skips() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }

    private String text(AgentRun.Summary summary) {
        return String.format(
                Locale.ROOT,
                "%s: %d verdicts (%d new, %d could not be judged%s), %.1f CPU s, %,d token-forwards",
                out,
                summary.samples(),
                summary.judged(),
                summary.failed(),
                summary.failed() == 0 ? "" : ": --retry asks again",
                summary.cost().cpuSeconds(),
                summary.cost().tokenForwards());
    }
}
