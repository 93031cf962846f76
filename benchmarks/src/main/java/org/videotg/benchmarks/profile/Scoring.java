package org.videotg.benchmarks.profile;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.core.io.InputException;

/**
 * Files to score.
 *
 * @param predictions files that are parts of one prediction or complete each other; or {@link #WHOLE_VIDEO} alone
 * @param annotations likewise; none if the predictions repeat their annotations
 * @param unit seconds to which VideoMind rounds; null to take the annotated set's own
 * @param fractions whether NExT-GQA's predictions are fractions of the duration
 */
public record Scoring(List<Path> predictions, List<Path> annotations, Double unit, boolean fractions) {
    /** In place of a file: the baseline that answers [0, duration] to everything. */
    public static final Path WHOLE_VIDEO = Path.of("whole-video");

    public Scoring {
        predictions = List.copyOf(predictions);
        annotations = List.copyOf(annotations);
    }

    /** A score and the convention that it follows, in one line. */
    public record Result(Score score, String convention) {}

    /** Pairs to score, and what the files leave open to the profiles. */
    private record Input(Pairing pairing, MetricProfile.Settings settings) {}

    /**
     * Scores the files by every profile.
     *
     * @param warnings takes one line if predictions belong to no annotated row
     * @throws InputException if a file or a profile can't be used
     */
    public List<Result> run(List<String> profiles, Consumer<String> warnings) {
        profiles.stream()
                .filter(name -> !MetricProfile.names().contains(name))
                .forEach(name -> MetricProfile.named(name, null));
        Input input = predictions.equals(List.of(WHOLE_VIDEO)) ? wholeVideo() : files();
        List<String> unmatched = input.pairing().unmatched();
        if (!unmatched.isEmpty()) {
            warnings.accept(
                    unmatched.size() + " predictions belong to no annotated row and are left out, the first is \""
                            + unmatched.get(0) + "\"");
        }
        return profiles.stream()
                .map(name -> MetricProfile.named(name, input.settings()))
                .map(profile -> new Result(profile.score(input.pairing().pairs()), profile.convention()))
                .toList();
    }

    private Input wholeVideo() {
        if (annotations.isEmpty()) {
            throw new InputException("--predictions " + WHOLE_VIDEO + " needs --annotations");
        }
        List<AnnotationFile> files = AnnotationFile.readAll(annotations);
        return new Input(Pairing.wholeVideo(files), settings(files, List.of()));
    }

    private Input files() {
        List<PredictedRow> rows = PredictionFile.read(predictions);
        boolean repeated = rows.stream().allMatch(row -> row.annotation() != null);
        if (annotations.isEmpty() && !repeated) {
            throw new InputException("the predictions don't repeat their annotations; give --annotations");
        }
        if (repeated && (annotations.isEmpty() || annotations.equals(predictions))) {
            return new Input(Pairing.repeated(rows), settings(List.of(), rows));
        }
        List<AnnotationFile> files = AnnotationFile.readAll(annotations);
        return new Input(Pairing.join(files, rows), settings(files, rows));
    }

    private MetricProfile.Settings settings(List<AnnotationFile> files, List<PredictedRow> rows) {
        return MetricProfile.Settings.of(unit, fractions, files, rows);
    }
}
