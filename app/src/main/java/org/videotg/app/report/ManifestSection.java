package org.videotg.app.report;

import org.videotg.app.report.chart.Markup;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunParts;
import org.videotg.core.io.Json;

/** How the run came about, and what of the method is the paper's. */
final class ManifestSection {
    private ManifestSection() {}

    static String of(RunParts run) {
        StringBuilder folded = new StringBuilder(run.manifest()
                .map(manifest -> Section.folded("manifest.json", Json.pretty(manifest)))
                .orElse(Section.missing("No manifest.json: the run does not say how it came about.")));
        for (Arm arm : run.arms()) {
            arm.recipe().ifPresent(recipe -> folded.append(Section.folded(arm.title() + ": recipe.yaml", recipe)));
            arm.manifest()
                    .ifPresent(manifest -> folded.append(Section.folded(arm.title() + ": manifest.json", manifest)));
        }
        return Section.of(
                "Manifest",
                folded.toString(),
                Markup.text(
                        "p",
                        "Published (VideoTG-R1, arXiv 2510.23397): the two agents, discarding partial samples, difficulty by zero-shot "
                                + "IoU, masks that fade with the training step, and that 10% of the samples and 21% of the compute beat the full "
                                + "data. Defined here: the rules and settings by which this run reflects, rates, masks and selects, and all "
                                + "other numbers on this page, which are computed from this run's files.",
                        "class",
                        "small"));
    }
}
