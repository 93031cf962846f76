package org.videotg.app.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.chart.Numbers;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;

/** The first paragraph: what grounding is, what was compared, what came out, and how certain it is. */
final class Introduction {
    private Introduction() {}

    /** Returns the paragraph as markup. */
    static String of(RunParts run) {
        return Markup.element(
                "p",
                Markup.escape(TASK + compared(run))
                        + " "
                        + Markup.element("strong", Headline.of(run), "class", "result")
                        + Markup.escape(certainty(run)),
                "class",
                "lead");
    }

    private static final String TASK =
            "Video temporal grounding means: a model is given a video and a sentence, and names"
                    + " the seconds in which the sentence holds. IoU, the overlap of the named and the annotated interval divided by"
                    + " what both cover together, is 1 for a perfect answer and 0 for a miss; mIoU is its mean over samples. ";

    private static final Map<String, String> TERMS = new LinkedHashMap<>();

    static {
        TERMS.put("zero-shot", "the model before training");
        TERMS.put("SFT", "supervised training on the annotated replies");
        TERMS.put("GRPO", "reinforcement learning from the rewards of the model's own replies");
    }

    private static String compared(RunParts run) {
        List<Arm> evaluated =
                run.arms().stream().filter(arm -> arm.metrics().isPresent()).toList();
        List<Arm> trained = run.arms().stream()
                .filter(arm -> !arm.training().rows().isEmpty())
                .toList();
        if (evaluated.size() > 1) {
            return "This run compares " + evaluated.size() + " arms, that is models from different ways of training ("
                    + evaluated.stream().map(Arm::title).collect(Collectors.joining("; ")) + "), on the same "
                    + Numbers.count(evaluated.get(0).metrics().orElseThrow().n()) + " test samples." + terms(evaluated);
        }
        if (evaluated.size() == 1 && !trained.isEmpty()) {
            return "This run trained one model and tested it.";
        }
        return trained.isEmpty()
                ? evaluated.isEmpty() ? "" : "This run tested one model."
                : "This run trained one model, on " + trainedOn(run) + ".";
    }

    /** What the usual words in the titles of arms mean. */
    private static String terms(List<Arm> arms) {
        String titles = arms.stream().map(Arm::title).collect(Collectors.joining(" "));
        StringBuilder text = new StringBuilder();
        TERMS.forEach((word, meaning) -> {
            if (titles.contains(word)) {
                text.append(text.isEmpty() ? " " : "; ")
                        .append(word)
                        .append(" is ")
                        .append(meaning);
            }
        });
        return text.isEmpty() ? "" : text.append('.').toString();
    }

    private static String trainedOn(RunParts run) {
        return run.selected().isEmpty()
                ? "samples that are not found any more"
                : Numbers.count(run.selected().size()) + " samples";
    }

    private static String certainty(RunParts run) {
        Optional<Arm> tested =
                run.arms().stream().filter(arm -> arm.metrics().isPresent()).findFirst();
        if (tested.isEmpty()) {
            return run.arms().isEmpty()
                    ? ""
                    : " How well the model does on other samples is not known before it is evaluated.";
        }
        boolean interval = run.arm(Arm.Role.METHOD).isPresent()
                && run.arm(Arm.Role.REFERENCE).isPresent();
        return (interval
                        ? " The interval holds 95% of the differences if the test samples are drawn anew many times; one that contains"
                                + " 0 shows no difference. "
                        : " The figure varies with the draw of the test samples. ")
                + "This is one run: another seed of training would give another model, and how much that changes is not"
                + " measured here.";
    }
}
