package org.videotg.app.command;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.FrameRange;
import org.videotg.video.VideoFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Answers one question about one video. */
@Command(
        name = "ground",
        description = {
            "Tell when in a video something happens,",
            "or, with two or more times --option, which option answers a question and when the video shows it."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg ground clip.mp4 \"a red square blinks\" --json",
            "  ./videotg ground clip.mp4 \"what colour is the square that blinks?\" --option red --option green"
        })
final class GroundCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(GroundCommand.class);

    @Parameters(index = "0", paramLabel = "VIDEO", description = "a video file of any kind that FFmpeg reads")
    private Path video;

    @Parameters(index = "1", paramLabel = "QUERY", description = "a sentence that says what happens, or a question")
    private String query;

    @Option(
            names = "--from",
            paramLabel = "S",
            description = "look at the video from this second on; default: its start")
    private Double from;

    @Option(names = "--to", paramLabel = "S", description = "look at the video up to this second; default: its end")
    private Double to;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "96",
            description = "length of the reply; default: ${DEFAULT-VALUE}")
    private int maxTokens;

    @Option(names = "--option", paramLabel = "TEXT", description = "an option of a multiple-choice question, in order")
    private List<String> options = List.of();

    @Option(names = "--json", description = "print one JSON object, times in seconds from the clip's start")
    private boolean json;

    @Override
    public Integer call() {
        if (query.isBlank()) {
            throw new InputException("the query is empty; say what happens, for example \"a red square blinks\"");
        }
        if (options.size() == 1) {
            throw new InputException("--option is given once; a question needs at least two options to choose from");
        }
        PromptTemplate prompt = model.prompt();
        Backend.Handle handle = model.find();
        VideoRef watched = new VideoRef(video, clip());
        VideoFile file = VideoFile.open(video);
        FrameRange.of(file, watched.clip());
        ModelOptions.warn(handle, List.of(watched));
        try (Mllm mllm = handle.open()) {
            mllm.notes(watched).forEach(LOG::warn);
            Grounding found = Grounding.of(
                    handle,
                    mllm,
                    new Grounding.Query(watched, query, options, prompt, Checks.atLeast(1, "--max-tokens", maxTokens)));
            System.out.println(json ? Json.line(found) : text(found));
        }
        return 0;
    }

    private Clip clip() {
        try {
            return new Clip(from == null ? 0 : from, to == null ? Double.POSITIVE_INFINITY : to);
        } catch (IllegalArgumentException e) {
            throw new InputException("--from and --to: " + e.getMessage(), e);
        }
    }

    private static String text(Grounding found) {
        String about = String.format(
                Locale.ROOT,
                " (%d frames of %.1f s, %d prompt tokens, %.2f s)",
                found.frames(),
                found.duration(),
                found.promptTokens(),
                found.seconds());
        String answer = found.answer() == null ? "" : found.answer() + ", ";
        if (found.intervals().isEmpty() && found.answer() == null) {
            return "nothing was found; the model's reply: " + Json.line(found.reply()) + about;
        }
        return answer
                + (found.intervals().isEmpty()
                        ? "no interval named"
                        : found.intervals().stream()
                                .map(interval -> where(found, interval))
                                .collect(Collectors.joining(", ")))
                + about;
    }

    private static String where(Grounding found, Interval interval) {
        if (found.clip() == null) {
            return span(interval);
        }
        double start = found.clip().start();
        return span(interval) + " of the clip, " + span(new Interval(start + interval.start(), start + interval.end()))
                + " of the file";
    }

    private static String span(Interval interval) {
        return String.format(Locale.ROOT, "%.1f s to %.1f s", interval.start(), interval.end());
    }
}
