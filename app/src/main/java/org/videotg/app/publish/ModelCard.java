package org.videotg.app.publish;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.run.RunManifest;

/** The card of a model or adapter, from what its run wrote down. */
record ModelCard(
        Publication.Facts facts,
        boolean adapter,
        String base,
        Optional<String> license,
        Optional<RunManifest> manifest,
        Optional<TrainedWith> trained) {

    String text() {
        List<String> lines = new ArrayList<>(header());
        lines.add("");
        lines.add("# " + facts.name());
        lines.add("");
        lines.add((adapter ? "A LoRA adapter" : "A video language model") + " that finds moments: given a video and a"
                + " sentence, it answers with the interval, in seconds, that the sentence describes."
                + (base.isEmpty() ? "" : " Base model: [" + base + "](https://huggingface.co/" + base + ")."));
        metrics().ifPresent(lines::addAll);
        manifest.ifPresent(run -> lines.addAll(training(run)));
        CardText.selection(facts.selection()).ifPresent(lines::addAll);
        trained.ifPresent(how -> lines.addAll(asking(how)));
        lines.add("");
        lines.add("## Use");
        lines.add("");
        lines.add("```");
        lines.add("./videotg ground clip.mp4 \"person opens the door\" --model "
                + (adapter ? base + " --adapter FOLDER" : facts.name()));
        lines.add("```");
        lines.add("");
        lines.add(
                adapter
                        ? "FOLDER is a download of this repository. PEFT loads it with `PeftModel.from_pretrained`."
                        : "transformers loads it with `AutoModelForImageTextToText.from_pretrained`.");
        return String.join("\n", lines) + "\n";
    }

    private List<String> header() {
        List<String> lines = new ArrayList<>(List.of("---"));
        license.ifPresent(identifier -> lines.add("license: " + CardText.scalar(identifier)));
        if (!base.isEmpty()) {
            lines.add("base_model: " + CardText.scalar(base));
            lines.add("base_model_relation: " + (adapter ? "adapter" : "finetune"));
        }
        lines.add("library_name: " + (adapter ? "peft" : "transformers"));
        lines.add("pipeline_tag: video-text-to-text");
        lines.add("tags:");
        lines.add("- video-temporal-grounding");
        lines.add("- videotg");
        lines.add("---");
        return lines;
    }

    private Optional<List<String>> metrics() {
        return facts.evaluation().map(given -> {
            Path file = Files.isDirectory(given) ? given.resolve("metrics.json") : given;
            Map<String, JsonNode> figures = new TreeMap<>();
            Json.read(file).properties().stream()
                    .filter(figure -> figure.getValue().isNumber())
                    .forEach(figure -> figures.put(figure.getKey(), figure.getValue()));
            List<String> lines = new ArrayList<>(List.of("", "## Evaluation", "", "| metric | value |", "|---|---|"));
            figures.forEach((name, value) -> lines.add("| " + name + " | "
                    + (value.isIntegralNumber() ? value.asText() : String.format(Locale.ROOT, "%.4f", value.asDouble()))
                    + " |"));
            Path run = file.toAbsolutePath().normalize().getParent();
            if (Files.exists(run.resolve(RunManifest.FILE))) {
                lines.addAll(CardText.data("Evaluated on", RunManifest.read(run).data()));
            }
            return lines;
        });
    }

    private static List<String> training(RunManifest run) {
        List<String> lines = new ArrayList<>(List.of("", "## Training", ""));
        lines.add("Trained with videotg, started " + run.startTime() + ".");
        if (run.model() != null) {
            lines.add("Fingerprint of the weights it started from: `"
                    + run.model().weights() + "`.");
        }
        lines.addAll(CardText.data("Trained on", run.data()));
        if (run.recipe() != null) {
            lines.add("");
            lines.add("```json");
            lines.add(Json.pretty(LocalPaths.withoutFolders(run.recipe())).strip());
            lines.add("```");
        }
        return lines;
    }

    private static List<String> asking(TrainedWith how) {
        List<String> lines = new ArrayList<>(List.of("", "## Prompt", ""));
        lines.add("Asked with another prompt, the model scores worse. `{query}` is the sentence:");
        lines.add("");
        lines.add("```");
        lines.add((how.prompt().before() + how.prompt().ground()).strip());
        lines.add("```");
        if (!how.video().isEmpty()) {
            lines.add("");
            lines.add("Video: " + new TreeMap<>(how.video()) + ".");
        }
        return lines;
    }
}
