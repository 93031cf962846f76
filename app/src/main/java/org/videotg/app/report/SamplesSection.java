package org.videotg.app.report;

import static org.videotg.app.report.chart.Numbers.count;
import static org.videotg.app.report.chart.Numbers.fixed;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.LabelledReflection;
import org.videotg.app.report.run.RunParts;
import org.videotg.app.report.run.ShownSample;
import org.videotg.app.report.run.ShownSample.Kind;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;

/** A dozen samples with their frames, annotation, verdicts and predictions. */
final class SamplesSection {
    private final RunParts run;
    private final Clips clips;
    private final Set<String> selected;

    private SamplesSection(RunParts run, Clips clips) {
        this.run = run;
        this.clips = clips;
        this.selected = run.selected().stream().map(Sample::id).collect(Collectors.toSet());
    }

    static String of(RunParts run, Clips clips) {
        List<ShownSample.Group> groups = ShownSample.choose(run);
        if (groups.isEmpty()) {
            return Section.of(
                    "Samples",
                    Section.missing(
                            "No samples: there are no verdicts or predictions for samples whose data file was found."));
        }
        SamplesSection section = new SamplesSection(run, clips);
        StringBuilder out = new StringBuilder();
        for (ShownSample.Group group : groups) {
            out.append(Markup.text(
                    "h3",
                    group.kind().title() + " (" + group.samples().size() + " drawn from " + count(group.outOf())
                            + ")"));
            group.samples().forEach(sample -> out.append(section.card(group.kind(), sample)));
        }
        boolean paired =
                groups.stream().anyMatch(group -> group.kind() == Kind.IMPROVED || group.kind() == Kind.WORSENED);
        return Section.of(
                "Samples",
                Section.paragraph("Drawn by a fixed seed. The times beside a lane play that part of the video."
                        + (paired
                                ? " Improved and worse mean a change of the IoU by at least "
                                        + fixed(ShownSample.CHANGE, 1) + "."
                                : "")),
                out.toString());
    }

    private String card(Kind kind, ShownSample shown) {
        Sample sample = shown.located().sample();
        double duration = sample.duration();
        ReflectionVerdict reflection = run.reflections().get(sample.id());
        Optional<List<Interval>> truth = Optional.ofNullable(run.truth().get(sample.id()));
        Optional<String> clip = Optional.empty();
        String video;
        try {
            clip = Optional.of(clips.source(shown.located().video(), duration));
            video = player(clip.get());
        } catch (InputException e) {
            video = Section.missing("The video does not play here: " + e.getMessage());
        }
        Timeline timeline = new Timeline(duration, clip.isPresent());
        StringBuilder lanes = new StringBuilder(strip(shown, duration));
        lanes.append(timeline.lane("annotation", "annotation", sample.intervals(), ""));
        if (reflection != null) {
            lanes.append(timeline.lane(
                    "reflected", "reflected", reflection.spans(), reflection.undecided() ? "undecided" : ""));
        }
        truth.ifPresent(planted -> lanes.append(timeline.lane("truth", "planted truth", planted, "")));
        DifficultyVerdict difficulty = run.difficulties().get(sample.id());
        if (difficulty != null && !difficulty.failed() && !difficulty.spans().isEmpty()) {
            lanes.append(timeline.lane(
                    "before",
                    "zero-shot",
                    difficulty.spans().get(0),
                    "IoU " + fixed(difficulty.ious().get(0), 2) + " (mean of "
                            + difficulty.ious().size() + ": " + fixed(1 - difficulty.difficulty(), 2) + ")"));
        }
        shown.before()
                .ifPresent(
                        prediction -> lanes.append(prediction(timeline, "before", "before (zero-shot)", prediction)));
        shown.after().ifPresent(prediction -> lanes.append(prediction(timeline, "after", after(), prediction)));
        lanes.append(timeline.scale());
        return Markup.element(
                "article",
                Markup.element(
                                "h4",
                                Markup.element("q", Markup.escape(sample.query()))
                                        + tags(kind, sample, reflection, truth))
                        + options(sample)
                        + Markup.element("div", lanes.toString(), "class", "timeline")
                        + video
                        + Markup.text(
                                "p",
                                sample.id() + (sample.clip().isWhole() ? "" : ", the clip " + sample.clip()),
                                "class",
                                "id"));
    }

    /** The video, folded until it is asked for. */
    private static String player(String source) {
        String video = Markup.element(
                "video", "", "controls", "", "muted", "", "playsinline", "", "preload", "none", "src", source);
        return Markup.element("details", Markup.text("summary", "Video") + video, "class", "clip");
    }

    private String after() {
        return run.arm(Arm.Role.METHOD).isPresent() ? "after (the method)" : "prediction";
    }

    private static String prediction(Timeline timeline, String css, String name, Prediction prediction) {
        return timeline.lane(
                css,
                name,
                prediction.intervals(),
                (prediction.unparsed() ? "not parsed, " : "") + answered(prediction) + "IoU "
                        + fixed(prediction.iou(), 2));
    }

    private static String answered(Prediction prediction) {
        return prediction.answer() == null
                ? ""
                : prediction.answer().letter() == null
                        ? "no option, "
                        : "(" + prediction.answer().letter() + ") "
                                + (prediction.answer().right() ? "right, " : "wrong, ");
    }

    /** The options of a multiple-choice question, the right one in bold. */
    private static String options(Sample sample) {
        if (sample.options().isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < sample.options().size(); i++) {
            String letter = String.valueOf((char) ('A' + i));
            String text = Markup.escape("(" + letter + ") " + sample.options().get(i));
            out.append(i == 0 ? "" : " ")
                    .append(letter.equals(sample.answer()) ? Markup.element("strong", text) : text);
        }
        return Markup.element("p", out.toString(), "class", "small");
    }

    private static String strip(ShownSample shown, double duration) {
        try {
            FilmStrip strip = FilmStrip.of(shown.located().video(), duration);
            return Timeline.row(Markup.open(
                    "img",
                    "src",
                    strip.dataUri(),
                    "width",
                    strip.width(),
                    "height",
                    strip.height(),
                    "alt",
                    strip.frames() + " frames of the video, from its start to its end",
                    "class",
                    "strip"));
        } catch (InputException e) {
            return Timeline.row(Section.missing("No frames: " + e.getMessage()));
        }
    }

    /** Whether the verdict on the sample is right, and whether the sample was selected. */
    private String tags(Kind kind, Sample sample, ReflectionVerdict verdict, Optional<List<Interval>> truth) {
        StringBuilder out = new StringBuilder();
        if (verdict != null && (kind == Kind.KEPT || kind == Kind.FLAGGED)) {
            truth.ifPresent(planted -> {
                boolean partial = LabelledReflection.partial(sample, planted, LabelledReflection.settings(verdict));
                boolean right = partial == verdict.partial();
                out.append(Markup.text(
                        "span",
                        (right ? "✓ right: " : "✗ wrong: ") + "truly " + (partial ? "partial" : "complete"),
                        "class",
                        right ? "tag right" : "tag wrong"));
            });
            if (selected.contains(sample.id())) {
                out.append(Markup.text("span", "selected", "class", "tag"));
            }
        }
        return out.toString();
    }

    /**
     * Lanes of intervals below a film strip, with their names beside them.
     *
     * @param duration seconds that a lane spans
     * @param plays whether the intervals' seconds are buttons that play them
     */
    private record Timeline(double duration, boolean plays) {
        private static final double WIDTH = 1000;
        private static final double HEIGHT = 12;
        /** Least width of a drawn interval. */
        private static final double LEAST = 3;

        /**
         * Returns a lane.
         *
         * @param intervals in seconds; empty and reversed ones are listed but not drawn
         * @param note after the seconds, such as an IoU; blank for none
         */
        String lane(String css, String name, List<Interval> intervals, String note) {
            StringBuilder drawn = new StringBuilder(Markup.Svg.rect("track", 0, 0, WIDTH, HEIGHT, ""));
            for (Interval interval : intervals) {
                Interval inside = interval.clamp(duration);
                if (!inside.isEmpty()) {
                    double left = Math.min(inside.start() / duration * WIDTH, WIDTH - LEAST);
                    drawn.append(Markup.Svg.rect(
                            css,
                            left,
                            0,
                            Math.max(LEAST, inside.length() / duration * WIDTH),
                            HEIGHT,
                            name + " " + seconds(interval)));
                }
            }
            String text = intervals.isEmpty()
                    ? "none"
                    : intervals.stream().map(Timeline::seconds).collect(Collectors.joining(", "));
            String bar = Markup.Svg.picture(
                    WIDTH,
                    HEIGHT,
                    name + ": " + text,
                    drawn.toString(),
                    "preserveAspectRatio",
                    "none",
                    "class",
                    "lane");
            String value = plays && !intervals.isEmpty()
                    ? intervals.stream().map(interval -> button(name, interval)).collect(Collectors.joining(" "))
                    : Markup.escape(text);
            return row(Markup.text("span", name, "class", "name")
                    + bar
                    + Markup.element(
                            "span", value + Markup.escape(note.isBlank() ? "" : " · " + note), "class", "value"));
        }

        /** Returns the scale in seconds below all lanes. */
        String scale() {
            return row(Markup.element(
                    "span",
                    Markup.text("span", "0 s")
                            + Markup.text("span", fixed(duration / 2, 1) + " s")
                            + Markup.text("span", fixed(duration, 1) + " s"),
                    "class",
                    "scale"));
        }

        /** Returns a row of a timeline whose content is as wide as the lanes. */
        static String row(String content) {
            return Markup.element("div", content, "class", "row");
        }

        private static String button(String name, Interval interval) {
            return Markup.text(
                    "button",
                    seconds(interval),
                    "type",
                    "button",
                    "data-from",
                    interval.start(),
                    "data-to",
                    interval.end(),
                    "title",
                    "play: " + name);
        }

        private static String seconds(Interval interval) {
            return fixed(interval.start(), 1) + "–" + fixed(interval.end(), 1) + " s";
        }
    }
}
