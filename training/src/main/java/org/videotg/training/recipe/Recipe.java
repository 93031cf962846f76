package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;
import org.videotg.models.lora.LoraConfig;

/**
 * A training run.
 *
 * @param model checkpoint in Hugging Face layout to start from: a folder, or a name on the hub
 * @param data training samples (jsonl)
 * @param output folder of the run; the command line may name another
 * @param features folder of cached vision features; null for one inside the output
 * @param video options by which videos are read, see {@link VideoOptions#KNOWN}; null without any
 * @param prompt how it is asked; a recipe names it, or the yaml file of one of the user's own
 * @param seed of everything random
 * @param length how long
 * @param compute threads, and what is trained
 * @param grpo present for the method grpo; without it the method is sft
 * @param curriculum null without a curriculum
 * @param lora null if the model's own weights are trained, or an adapter goes on
 * @param adapter folder of a LoRA adapter in PEFT's format that the run begins with and trains further; null without one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recipe(
        String method,
        String model,
        String data,
        String output,
        String features,
        Map<String, String> video,
        PromptTemplate prompt,
        long seed,
        Length length,
        ComputeRecipe compute,
        GrpoRecipe grpo,
        OptimizerRecipe optimizer,
        CurriculumRecipe curriculum,
        LoraRecipe lora,
        String adapter,
        int checkpointEvery) {
    private enum Method {
        GRPO,
        SFT
    }

    /**
     * How long, and how much at once.
     *
     * @param steps optimizer steps; 0 if epochs are given
     * @param epochs passes over the data; 0 if steps are given
     * @param batch prompts that go through the model before the next accumulation; each is a row of its own, so memory does not
     *     grow with it
     * @param accumulation batches of one optimizer step
     */
    public record Length(int steps, double epochs, int batch, int accumulation) {
        /** Prompts of one optimizer step. */
        public int prompts() {
            return Math.multiplyExact(batch, accumulation);
        }

        /** Optimizer steps over a data set of {@code samples}. */
        public int stepsOver(int samples) {
            return steps > 0 ? steps : (int) Math.max(1, Math.ceil(epochs * samples / prompts()));
        }
    }

    static Recipe of(Section section) {
        Method method = section.choice(
                "method", null, Method.values(), value -> value.name().toLowerCase(Locale.ROOT));
        if (method == null) {
            throw section.error("\"method\" is missing; known: grpo, sft");
        }
        String named = section.text("prompt", PromptTemplate.DEFAULT.name());
        PromptTemplate prompt = section.check(() -> PromptTemplate.named(named));
        Map<String, String> video = section.texts("video").orElse(null);
        section.check(() -> VideoOptions.of(video == null ? Map.of() : video));
        // Checked for every method, so that an override of the method alone turns a recipe into the other one.
        GrpoRecipe grpo = GrpoRecipe.of(section.section("grpo"));
        Recipe recipe = new Recipe(
                section.text("method"),
                section.text("model"),
                section.path("data").toString(),
                section.optionalPath("output").map(Path::toString).orElse(null),
                section.optionalPath("features").map(Path::toString).orElse(null),
                video,
                prompt,
                section.whole("seed", 0, Long.MIN_VALUE, Long.MAX_VALUE),
                length(section),
                ComputeRecipe.of(section.section("compute")),
                method == Method.GRPO ? grpo : null,
                OptimizerRecipe.of(section.section("optimizer")),
                CurriculumRecipe.of(section.section("curriculum")),
                LoraRecipe.of(section, "lora"),
                section.optionalPath("adapter").map(Path::toString).orElse(null),
                section.integer("checkpointEvery", 20, 1));
        if (recipe.lora != null && recipe.adapter != null) {
            throw section.error(
                    "\"adapter\" goes on with an adapter, which brings its own rank, alpha and targets, and \"lora\""
                            + " begins a new one; give one of them");
        }
        section.done();
        return recipe;
    }

    private static Length length(Section section) {
        int steps = section.integer("steps", 0, 0);
        double epochs = section.number("epochs", 0);
        if (!(epochs >= 0 && epochs <= 1e6) || (steps > 0) == (epochs > 0)) {
            throw section.error("give either \"steps\" or \"epochs\", a number above 0");
        }
        return new Length(steps, epochs, section.integer("batch", 8, 1), section.integer("accumulation", 1, 1));
    }

    /**
     * The folder to start from; a model that is named is downloaded when it is not in the cache.
     *
     * @throws org.videotg.core.io.InputException if it can't be had
     */
    public Path modelFolder() {
        return HubModels.folder(model);
    }

    /** The adapter to begin with. */
    public Optional<Path> adapterFolder() {
        return Optional.ofNullable(adapter).map(Path::of);
    }

    public VideoOptions videoOptions() {
        return video == null ? VideoOptions.NONE : VideoOptions.of(video);
    }

    /** Settings of the adapter that is trained, new or gone on with; no value if the model's own weights are. */
    public Optional<LoraConfig> adapterConfig() {
        return lora != null
                ? Optional.of(lora.config(model))
                : adapterFolder().map(folder -> LoraConfig.read(folder.resolve(LoraConfig.FILE)));
    }

    /** The model to start from as it was named, and the adapter's folder after a plus sign. */
    public String name() {
        return model + adapterFolder().map(folder -> " + " + folder).orElse("");
    }

    public Path dataFile() {
        return Path.of(data);
    }

    public Optional<Path> outputFolder() {
        return Optional.ofNullable(output).map(Path::of);
    }

    public Path featureFolder(Path out) {
        return features == null ? out.resolve("features") : Path.of(features);
    }

    /** All settings, defaults included; the prompt by its name. */
    public JsonNode toJson() {
        ObjectNode settings = Json.MAPPER.valueToTree(this);
        return settings.put("prompt", prompt.name());
    }

    /**
     * Of everything that decides the final weights, except the contents of the files that are named and the device and type that
     * are found for the run.
     */
    public String fingerprint() {
        ObjectNode deciding = (ObjectNode) toJson();
        deciding.remove(List.of("model", "adapter", "data", "output", "features", "checkpointEvery"));
        ((ObjectNode) deciding.get("compute")).remove(List.of("device", "dtype"));
        // A template's texts decide, wherever its file lies.
        ObjectNode template = Json.MAPPER.valueToTree(prompt);
        template.remove("name");
        deciding.set("prompt", template);
        return Sha256.of(Json.line(deciding));
    }
}
