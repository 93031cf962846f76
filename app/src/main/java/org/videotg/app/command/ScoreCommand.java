package org.videotg.app.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.benchmarks.profile.Difference;
import org.videotg.benchmarks.profile.MetricProfile;
import org.videotg.benchmarks.profile.Score;
import org.videotg.benchmarks.profile.Scoring;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Scores prediction files by the conventions of published evaluators. */
@Command(
        name = "score",
        description =
                "Score a prediction file by the convention of a published evaluator: its metric names, thresholds and "
                        + "rounding. Formats are recognised by content (docs/metrics.md).",
        footer = {
            "",
            "Example:",
            "  ./videotg score --predictions hl_val_submission.jsonl --annotations highlight_val_release.jsonl \\",
            "      --profile moment-detr --json",
            "  ./videotg score --predictions whole-video --annotations val_2.json --profile timezero --profile timer1 --explain"
        })
final class ScoreCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(ScoreCommand.class);

    @Option(
            names = "--predictions",
            required = true,
            paramLabel = "FILE",
            description =
                    "predictions (json or jsonl), or whole-video for the baseline [0, duration]; several files may be "
                            + "parts of one prediction, or hold intervals and answers apart")
    private List<Path> predictions;

    @Option(
            names = "--annotations",
            paramLabel = "FILE",
            description =
                    "annotations; not needed if the predictions repeat theirs; a second file may add durations or "
                            + "questions (csv)")
    private List<Path> annotations = List.of();

    @Option(
            names = "--profile",
            required = true,
            paramLabel = "NAME",
            completionCandidates = Profiles.class,
            description = "convention, one of ${COMPLETION-CANDIDATES}; may be given several times")
    private List<String> profiles;

    @Option(
            names = "--unit",
            paramLabel = "SECONDS",
            description = "to what videomind rounds; default: that of the annotated set, where the format shows it")
    private Double unit;

    @Option(
            names = "--fractions",
            description = "the intervals are fractions of the duration (nextgqa's Gaussian masks)")
    private boolean fractions;

    @Option(
            names = "--explain",
            description = "list the rows on which the second and further profiles differ from the first, and why")
    private boolean explain;

    @Option(names = "--out", paramLabel = "FILE", description = "also write the scores, a JSON object a line")
    private Path out;

    @Option(
            names = "--json",
            description =
                    "print {\"profile\",\"n\",\"unparsable\",\"missing\",\"metrics\"}, one line a "
                            + "profile; with --explain another line {\"first\",\"second\",\"reasons\",\"differences\"} for every comparison")
    private boolean json;

    @Override
    public Integer call() {
        if (explain && profiles.size() < 2) {
            throw new InputException("--explain compares profiles; give a second --profile");
        }
        refuse(fractions, "--fractions", "nextgqa");
        refuse(unit != null, "--unit", "videomind");
        Scoring scoring = new Scoring(predictions, annotations, unit, fractions);
        List<Scoring.Result> results = scoring.run(profiles, LOG::warn);
        results.forEach(result -> ScoreText.unread(result.score(), predictions).ifPresent(LOG::warn));
        if (out != null) {
            Jsonl.write(
                    Checks.file("--out", out),
                    results.stream().map(result -> result.score().toJson()).toList());
        }
        for (Scoring.Result result : results) {
            print(
                    json
                            ? List.of(Json.line(result.score().toJson()))
                            : ScoreText.lines(result.score(), result.convention()));
        }
        if (!json) {
            System.out.println(ScoreText.provenance(predictions));
        }
        Score first = results.get(0).score();
        for (Scoring.Result other : explain ? results.subList(1, results.size()) : List.<Scoring.Result>of()) {
            Difference difference = Difference.of(first, other.score());
            print(json ? List.of(Json.line(ScoreText.json(difference))) : ScoreText.lines(difference));
        }
        return 0;
    }

    /** An option that no profile asked for reads is a mistake that would show in no number. */
    private void refuse(boolean given, String option, String reader) {
        if (given && !profiles.contains(reader)) {
            throw new InputException(option + " is for profile " + reader + "; leave it out, or ask for that profile");
        }
    }

    private static void print(List<String> lines) {
        lines.forEach(System.out::println);
    }

    /** Names for the help text. */
    private static final class Profiles extends ArrayList<String> {
        Profiles() {
            super(MetricProfile.names());
        }
    }
}
