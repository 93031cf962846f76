package org.videotg.app.command;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Difficulty estimation over a data set. */
@Command(
        name = "difficulty",
        description = {
            "Difficulty estimation: predict K times zero-shot and compare with the annotation; "
                    + "difficulty is 1 - mean IoU.",
            "The agent is VideoTG-R1's; K, temperature and the threshold of hard are this project's."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg difficulty --data runs/world/train.jsonl --samples 4 --out runs/difficulty.jsonl"
        })
final class DifficultyCommand implements Callable<Integer> {
    @Mixin
    private AgentOptions agent;

    @Option(names = "--samples", paramLabel = "K", description = "predictions per sample; 1 is greedy; default: 4")
    private Integer samples;

    @Option(
            names = "--temperature",
            paramLabel = "T",
            description = "of the predictions; default: 1, or 0 for one sample")
    private Double temperature;

    @Option(
            names = "--tau",
            paramLabel = "IOU",
            description = "a sample is hard if its mean IoU is below this; default: 0.3")
    private Double tau;

    @Override
    public Integer call() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("samples", samples);
        options.put(
                "temperature",
                temperature == null && samples != null && samples == 1 ? Double.valueOf(0) : temperature);
        options.put("tau", tau);
        options.put("seed", agent.seed());
        DifficultySettings settings = agent.settings(DifficultySettings.defaults(), options, "difficulty");
        return agent.run((mllm, prompt) -> new DifficultyEstimationAgent(mllm, prompt, settings));
    }
}
