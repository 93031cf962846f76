package org.videotg.app.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.reflection.QuestionForm;
import org.videotg.method.reflection.ReflectionSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Boundary reflection over a data set. */
@Command(
        name = "reflect",
        description = {
            "Boundary reflection: hide the annotated part of each video and ask whether the query also "
                    + "happens elsewhere. Samples where it does are partially annotated.",
            "The agent is VideoTG-R1's; the hidden view and both forms of asking are this project's."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg reflect --data runs/world/train.jsonl --form probe --threshold 0.8 --out runs/reflections.jsonl"
        })
final class ReflectCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions agent;

    @Option(
            names = "--form",
            paramLabel = "NAME",
            description = "list (any model; default) or probe (weighs yes against no at every grid)")
    private QuestionForm form;

    @Option(
            names = "--samples",
            paramLabel = "K",
            description = "replies per sample; 1 is greedy (default), more vote (list)")
    private Integer samples;

    @Option(
            names = "--threshold",
            paramLabel = "P",
            description = "a grid is relevant if P(yes) is above this (probe); default: 0.5")
    private Double threshold;

    @Option(
            names = "--grids",
            paramLabel = "N",
            description = "neighbouring relevant grids that make a span (probe); default: 1")
    private Integer grids;

    @Override
    public Integer call() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("form", form == null ? null : form.id());
        options.put("samples", samples);
        options.put("probeThreshold", threshold);
        options.put("probeGrids", grids);
        options.put("seed", agent.seed());
        ReflectionSettings settings = agent.settings(ReflectionSettings.defaults(), options, "reflect");
        return agent.run((mllm, prompt) -> new BoundaryReflectionAgent(mllm, prompt, settings));
    }
}
