package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.demo.Demo;
import org.videotg.app.doctor.Installation;
import org.videotg.app.inference.LocalModel;
import org.videotg.app.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the whole method on a small world. */
@Command(
        name = "demo",
        description = {
            "Run the whole method: render a small world of mp4 files, run both agents, train several arms in parallel, "
                    + "evaluate them on the same videos and write a report. Takes about 10 minutes on 2 cores.",
            "Running a stopped demo again with the same --out resumes it."
        },
        footer = {"", "Example:", "  ./videotg demo --out videotg-runs/demo"})
final class DemoCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "videotg-runs/demo",
            description = "folder of the demo; default: ${DEFAULT-VALUE}")
    private Path out;

    @Option(names = "--recipe", paramLabel = "FILE", description = "settings; default: recipes/demo/demo.yaml")
    private Path recipe;

    @Option(
            names = "--model",
            paramLabel = "DIR",
            description = "checkpoint that every arm starts from; default: the small model")
    private Path model;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "parallel processes, each with one thread; default: one per core")
    private Integer workers;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        Installation installation = Installation.current();
        Path settings = recipe == null ? installation.recipes().resolve("demo").resolve("demo.yaml") : recipe;
        int count =
                workers == null ? Runtime.getRuntime().availableProcessors() : Checks.atLeast(1, "--workers", workers);
        LocalModel start = LocalModel.of(model == null ? installation.embeddedModel() : model);
        List<String> table = new Demo(VideoTg.class, settings, Checks.folder("--out", out), start, count)
                .run(VideoTg.arguments(spec), LOG::info);
        table.forEach(System.out::println);
        System.out.println("report: " + Report.write(out).toAbsolutePath().normalize());
        return 0;
    }
}
