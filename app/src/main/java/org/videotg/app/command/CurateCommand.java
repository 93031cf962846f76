package org.videotg.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Settings;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Agent;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.agent.Verdict;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.selection.CurationPipeline;
import org.videotg.method.selection.Selection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Both agents and the selection in one pass. */
@Command(
        name = "curate",
        description = {
            "Reflect, estimate difficulty and select in one pass that stops when the selection is full: "
                    + "cheaper than reflect, difficulty and select, which look at every sample.",
            "A stopped run goes on where it was."
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

    @Mixin
    private SelectionOptions options;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description =
                    "yaml with the mappings \"reflection\" and \"difficulty\"; other keys, such as those of a demo's recipe,"
                            + " are ignored")
    private Path settings;

    @Option(names = "--cost", paramLabel = "FILE", description = "also write what this process has cost, as JSON")
    private Path cost;

    @Override
    public Integer call() {
        ObjectNode changes = settings == null ? Json.MAPPER.createObjectNode() : Settings.mapping(settings);
        if (settings != null
                && changes.path(REFLECTION).isMissingNode()
                && changes.path(DIFFICULTY).isMissingNode()) {
            throw new InputException(settings + ": has neither \"" + REFLECTION + "\" nor \"" + DIFFICULTY + "\"");
        }
        ReflectionSettings reflection = Settings.change(
                ReflectionSettings.defaults().withSeed(options.seed()),
                changes.path(REFLECTION),
                settings + ": " + REFLECTION);
        DifficultySettings difficulty = Settings.change(
                DifficultySettings.defaults().withSeed(options.seed()),
                changes.path(DIFFICULTY),
                settings + ": " + DIFFICULTY);
        List<Sample> data = Samples.read(options.data());
        Backend.Handle handle = model.find();
        ModelOptions.warn(handle, Samples.videos(options.data(), data));
        try (FolderLock first = FolderLock.beside(options.reflections(), Checks.LOCK_TIMEOUT);
                FolderLock second = FolderLock.beside(options.difficulty(), Checks.LOCK_TIMEOUT);
                Mllm mllm = handle.open()) {
            Selection selection;
            try (var reflections = open(
                            new BoundaryReflectionAgent(mllm, model.prompt(), reflection),
                            options.reflections(),
                            data);
                    var difficulties = open(
                            new DifficultyEstimationAgent(mllm, model.prompt(), difficulty),
                            options.difficulty(),
                            data)) {
                CurationPipeline pipeline =
                        new CurationPipeline(reflections, difficulties, options.settings(), options.decisions());
                Progress progress = Progress.logged("curate", options.settings().poolWanted(data.size()));
                selection = pipeline.run(data, progress).selection();
            }
            if (cost != null) {
                AtomicFiles.writeString(cost, Json.line(Cost.ofProcess()) + "\n");
            }
            return options.write(selection);
        }
    }

    private <V extends Verdict> AgentRun<V> open(Agent<V> agent, Path file, List<Sample> data) {
        return AgentRun.open(agent, file, options.data(), data, false, LOG::warn);
    }
}
