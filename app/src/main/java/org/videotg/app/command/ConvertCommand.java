package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.videotg.app.convert.Conversion;
import org.videotg.core.dataset.AnnotationFormat;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Samples;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Published annotations to this project's own format. */
@Command(name = "convert",
        description = {"Turn published annotations into samples (jsonl): Charades-STA txt, or the json of ActivityNet "
        + "Captions. The format is recognised by the content.",
                "Durations that the annotations lack are taken from the video files."},
        footer = {"", "Example:", "  ./videotg convert charades_sta_test.txt --videos Charades_v1_480 --out charades.jsonl"})
final class ConvertCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "FILE", description = "annotations")
    private Path annotations;

    @Option(names = "--videos", required = true, paramLabel = "DIR", description = "folder of the video files")
    private Path videos;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "samples (jsonl)")
    private Path out;

    @Option(names = "--json", description = "print {\"samples\",\"missing\"}")
    private boolean json;

    @Override
    public Integer call() {
        Checks.file("--out", out);
        Conversion conversion = Conversion.of(AnnotationFormat.read(annotations), videos, out);
        conversion.missing().forEach(video -> System.err.println("warning: video " + video + " is not in " + videos
                + "; its sentences are left out"));
        Samples.write(out, conversion.samples());
        System.out.println(json ? Json.line(new Summary(conversion.samples().size(), conversion.missing()))
                : out + ": " + conversion.samples().size() + " samples, " + conversion.missing().size() + " videos missing");
        return 0;
    }

    private record Summary(int samples, List<String> missing) {}
}
