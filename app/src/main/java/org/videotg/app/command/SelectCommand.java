package org.videotg.app.command;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.Selector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Selection from finished verdicts. */
@Command(
        name = "select",
        description = "Select training samples from the agents' verdicts: by default what reflection passes, spread "
                + "over all levels of difficulty.",
        footer = {
            "",
            "Example:",
            "  ./videotg select --data runs/world/train.jsonl --reflections runs/reflections.jsonl \\",
            "      --difficulty runs/difficulty.jsonl --fraction 0.1 --out runs/selected.jsonl"
        })
final class SelectCommand implements Callable<Integer> {
    @Mixin
    private SelectionOptions options;

    @Override
    public Integer call() {
        options.requireSection();
        List<Sample> data = Samples.read(options.data());
        Selector selector = options.selector();
        SelectionSettings settings = options.settings();
        Map<String, ReflectionVerdict> reflections = settings.reflects()
                ? AgentRun.readSome(options.reflections(), ReflectionVerdict.class, "reflect")
                : Map.of();
        Map<String, DifficultyVerdict> difficulties = settings.rates()
                ? AgentRun.readSome(options.difficulty(), DifficultyVerdict.class, "difficulty")
                : Map.of();
        return options.write(selector.select(data, reflections, difficulties));
    }
}
