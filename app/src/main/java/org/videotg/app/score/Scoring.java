package org.videotg.app.score;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.videotg.benchmarks.profile.AnnotationFiles;
import org.videotg.benchmarks.profile.Annotations;
import org.videotg.benchmarks.profile.Pairing;
import org.videotg.benchmarks.profile.PredictedRow;
import org.videotg.benchmarks.profile.PredictionFiles;
import org.videotg.benchmarks.profile.Profiles;
import org.videotg.benchmarks.profile.Score;
import org.videotg.benchmarks.profile.VideoMindProfile;
import org.videotg.core.io.InputException;

/**
 * Files to score.
 *
 * @param predictions files that are parts of one prediction or complete each other; or {@link #WHOLE_VIDEO} alone
 * @param annotations likewise; none if the predictions repeat their annotations
 * @param unit seconds to which VideoMindProfile rounds; null to take the annotated set's own
 * @param fractions whether NExT-GQA's predictions are fractions of the duration
 */
public record Scoring(List<Path> predictions, List<Path> annotations, Double unit, boolean fractions) {
    /** In place of a file: the baseline that answers [0, duration] to everything. */
    public static final Path WHOLE_VIDEO = Path.of("whole-video");

    private static final double MILLISECOND = 0.001;

    public Scoring {
        predictions = List.copyOf(predictions);
        annotations = List.copyOf(annotations);
    }

    /** A score and the convention that it follows, in one line. */
    public record Result(Score score, String convention) {}

    /** Pairs to score and what profiles must be told of them. */
    private record Input(Pairing pairing, Profiles.Settings settings) {}

    /**
     * Scores the files by every profile.
     *
     * @param warnings takes one line if predictions belong to no annotated row
     * @throws InputException if a file or a profile can't be used
     */
    public List<Result> run(List<String> profiles, Consumer<String> warnings) {
        profiles.stream().filter(name -> !Profiles.names().contains(name)).forEach(name -> Profiles.named(name, null));
        Input input = predictions.equals(List.of(WHOLE_VIDEO)) ? wholeVideo() : files();
        List<String> unmatched = input.pairing().unmatched();
        if (!unmatched.isEmpty()) {
            warnings.accept(
                    unmatched.size() + " predictions belong to no annotated row and are left out, the first is \""
                            + unmatched.get(0) + "\"");
        }
        return profiles.stream()
                .map(name -> Profiles.named(name, input.settings()))
                .map(profile -> new Result(profile.score(input.pairing().pairs()), profile.convention()))
                .toList();
    }

    private Input wholeVideo() {
        if (annotations.isEmpty()) {
            throw new InputException("--predictions " + WHOLE_VIDEO + " needs --annotations");
        }
        Annotations annotated = AnnotationFiles.read(annotations);
        return new Input(Pairing.wholeVideo(annotated.truths()), settings(annotated, List.of()));
    }

    private Input files() {
        List<PredictedRow> rows = PredictionFiles.read(predictions);
        boolean own = rows.stream().allMatch(row -> row.truth() != null);
        if (annotations.isEmpty() && !own) {
            throw new InputException("the predictions don't repeat their annotations; give --annotations");
        }
        Annotations annotated = own && (annotations.isEmpty() || annotations.equals(predictions))
                ? new Annotations(rows.stream().map(PredictedRow::truth).toList(), List.of())
                : AnnotationFiles.read(annotations);
        Pairing pairing = annotated.formats().isEmpty() ? Pairing.own(rows) : Pairing.join(annotated.truths(), rows);
        return new Input(pairing, settings(annotated, rows));
    }

    private Profiles.Settings settings(Annotations annotated, List<PredictedRow> rows) {
        String videoMind = new VideoMindProfile(MILLISECOND).name();
        boolean rounded = !rows.isEmpty() && rows.stream().allMatch(row -> videoMind.equals(row.finalFor()));
        Double known = unit == null ? annotated.unit() : unit;
        return new Profiles.Settings(
                known == null && rounded ? Double.valueOf(MILLISECOND) : known, fractions, annotated.timeLens());
    }
}
