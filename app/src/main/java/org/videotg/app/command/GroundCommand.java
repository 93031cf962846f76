package org.videotg.app.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.report.MomentPicture;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.RankedMoment;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.FrameRange;
import org.videotg.video.VideoCopy;
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

    private static final String TRY_NEXT = "try: other words for what is seen, not heard or meant; a part of the video"
            + " (--from, --to); more frames (--video fps=4); several replies (--top 3); or a larger model (--model)";

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
            description = "length of the reply; default: that of the model's training, or 96")
    private Integer maxTokens;

    @Option(names = "--option", paramLabel = "TEXT", description = "an option of a multiple-choice question, in order")
    private List<String> options = List.of();

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "also rank up to N moments by the share of sampled replies that name them")
    private Integer top;

    @Option(
            names = "--samples",
            paramLabel = "K",
            defaultValue = "16",
            description = "replies that are sampled for --top; default: ${DEFAULT-VALUE}")
    private int samples;

    @Option(
            names = "--clip",
            paramLabel = "FILE",
            description = "cut the moment out to an mp4 file: encoded anew, exact to a frame, without sound")
    private Path clip;

    @Option(names = "--picture", paramLabel = "FILE", description = "draw frames and a timeline with the moment (png)")
    private Path picture;

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
        Backend.Handle handle = model.find();
        PromptTemplate prompt = model.prompt(handle);
        int length = model.maxTokens(handle, maxTokens);
        VideoRef watched = new VideoRef(video, part());
        VideoFile file = VideoFile.open(video);
        FrameRange.of(file, watched.clip());
        ModelOptions.warn(handle, List.of(watched));
        try (Mllm mllm = handle.open()) {
            mllm.notes(watched).forEach(LOG::warn);
            Grounding.Query asked = new Grounding.Query(watched, query, options, prompt, length);
            Grounding found = Grounding.of(handle, mllm, asked);
            List<RankedMoment> ranked = top == null ? List.of() : ranked(mllm, asked);
            System.out.println(json ? Json.line(row(found, ranked)) : text(found, ranked));
            List<Interval> moments = !found.intervals().isEmpty() || ranked.isEmpty()
                    ? found.intervals()
                    : List.of(ranked.get(0).interval());
            if (!moments.isEmpty()) {
                write(file, watched, found.duration(), moments);
            } else if (clip != null || picture != null) {
                LOG.warn("nothing was found, so that no clip and no picture is written");
            }
        }
        return 0;
    }

    private List<RankedMoment> ranked(Mllm mllm, Grounding.Query asked) {
        return Grounding.ranked(
                mllm,
                asked,
                new Decoding(Checks.atLeast(2, "--samples", samples), 1, asked.maxTokens(), 0),
                Checks.atLeast(1, "--top", top));
    }

    private ObjectNode row(Grounding found, List<RankedMoment> ranked) {
        ObjectNode row = Json.MAPPER.valueToTree(found);
        if (top != null) {
            row.set("moments", Json.MAPPER.valueToTree(ranked));
        }
        return row;
    }

    /** Writes the first moment as a clip, and a picture of all. */
    private void write(VideoFile file, VideoRef watched, double duration, List<Interval> moments) {
        if (clip != null) {
            double start = watched.clip().start();
            Interval first = moments.get(0).clamp(duration);
            VideoCopy.cut(
                    file,
                    FrameRange.of(file, new Clip(start + first.start(), start + first.end())),
                    Checks.file("--clip", clip));
            LOG.info("clip of the moment: {}", clip);
        }
        if (picture != null) {
            MomentPicture.write(watched, duration, moments, Checks.file("--picture", picture));
            LOG.info("picture of the moment: {}", picture);
        }
    }

    private Clip part() {
        try {
            return new Clip(from == null ? 0 : from, to == null ? Double.POSITIVE_INFINITY : to);
        } catch (IllegalArgumentException e) {
            throw new InputException("--from and --to: " + e.getMessage(), e);
        }
    }

    private static String text(Grounding found, List<RankedMoment> ranked) {
        StringBuilder text = new StringBuilder(text(found));
        for (int i = 0; i < ranked.size(); i++) {
            text.append(String.format(
                    Locale.ROOT,
                    "%n%d. %s, confidence %.2f",
                    i + 1,
                    where(found, ranked.get(i).interval()),
                    ranked.get(i).confidence()));
        }
        return text.toString();
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
            return "nothing was found; the model's reply: " + Json.line(found.reply()) + about + System.lineSeparator()
                    + TRY_NEXT;
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
