package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.inference.Evaluation;
import org.videotg.app.inference.EvaluationMetrics;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.sample.VideoCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores a model on annotated samples. */
@Command(
        name = "eval",
        description = {
            "Ask a model about every sample's whole video, greedily, and score the replies: "
                    + "predictions.jsonl and metrics.json (R1@0.3/0.5/0.7, mIoU).",
            "A stopped run goes on where it was."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg eval --data runs/world/test.jsonl --model runs/grpo/model --out runs/grpo/eval"
        })
final class EvalCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(EvalCommand.class);

    @Option(names = "--data", required = true, paramLabel = "FILE", description = "samples (jsonl)")
    private Path data;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "folder of the results")
    private Path out;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            description = "length of a reply; default: that of the model's training, or 96")
    private Integer maxTokens;

    @Mixin
    private PartOption part;

    @Mixin
    private VideoCheckOptions videos;

    @Mixin
    private ParallelOption parallel;

    @Option(names = "--json", description = "print metrics.json")
    private boolean json;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Checks.folder("--out", out);
        List<Sample> samples = Samples.read(data);
        Map<String, String> skipped = videos.check(data, part.get().of(data, samples), out.resolve(VideoCheck.FILE));
        Backend.Handle handle = model.find();
        Evaluation evaluation = new Evaluation(
                data,
                out,
                model.prompt(handle),
                new Evaluation.Asking(part.get(), model.maxTokens(handle, maxTokens), parallel.of(handle)),
                new Evaluation.BadVideos(videos.skips(), skipped));
        String note = ModelOptions.warn(handle, Samples.videos(data, samples)).orElse(null);
        try (Mllm mllm = handle.open()) {
            EvaluationMetrics metrics =
                    evaluation.run(mllm, handle.sampling(), note, VideoTg.arguments(spec), LOG::warn);
            System.out.println(json ? Json.line(metrics) : metrics.line());
            return metrics.unreadableVideos() == 0 || videos.skips() ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
