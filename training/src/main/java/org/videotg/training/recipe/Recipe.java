package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.LongStream;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.OnBadVideo;
import org.videotg.method.curriculum.MaskSchedule;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;

/** Settings of a training run. {@code grpo} is null for the method sft, {@code curriculum} without one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recipe(
        @Setting(value = "how the model is trained", required = true)
        Method method,

        @Setting(value = "model to start from, in Hugging Face layout: a folder, or a name on the hub", required = true)
        String model,

        @Setting(value = "training samples (jsonl)", required = true)
        String data,

        @Setting(
                value = "what to do about samples whose video is missing, broken or other than annotated: end before"
                        + " training begins, or skip them",
                defaultValue = "stop")
        OnBadVideo onBadVideo,

        @Setting("folder of the run; --out overrides it") String output,

        @Setting("folder of cached vision features; without it one inside the folder of the run")
        String features,

        @Setting("how videos are read, as docs/models.md explains") @JsonInclude(JsonInclude.Include.NON_EMPTY)
        VideoOptions video,

        @Setting(
                value = "prompt template: one of those that ./videotg prompt lists, or a yaml file",
                defaultValue = "own",
                type = "text")
        PromptTemplate prompt,

        @Setting(value = "seed of everything random", defaultValue = "0")
        long seed,

        @Setting.Inline TrainingLength length,
        @Setting("where and how the model computes") ComputeSettings compute,
        @Setting("GRPO, for method grpo only") GrpoSettings grpo,
        @Setting("AdamW and its schedule") OptimizerSettings optimizer,

        @Setting("mask curriculum for samples that are marked hard")
        CurriculumSettings curriculum,

        @Setting(
                value = "scores of the model on samples that are not trained on, while training goes on",
                optional = true)
        ValidationSettings validation,

        @Setting(
                value = "end of the training before its last step, once the reward or the validation stops rising",
                optional = true)
        EarlyStopSettings stop,

        @Setting(value = "train a new LoRA adapter in place of the model's own weights", optional = true)
        LoraSettings lora,

        @Setting("folder of a LoRA adapter in PEFT's format that is trained further; not together with lora")
        String adapter,

        @Setting(value = "optimizer steps between two checkpoints", defaultValue = "20", range = "at least 1")
        int checkpointEvery,

        @Setting(
                value =
                        "models (with lora or adapter: adapters) that are kept on the way, at equal distances, in snapshots/step-N",
                defaultValue = "0",
                range = "at least 0")
        int snapshots,

        @Setting("what is stored of the steps beside the metrics; it does not change what is trained")
        LogSettings log) {

    /** Prompts that a worker of supervised training asks together in a validation, at most. */
    private static final int VALIDATED_TOGETHER = 8;

    /** How the model is trained. */
    public enum Method {
        GRPO,
        SFT;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Recipe {
        checkPath("data", data);
        checkPath("output", output);
        checkPath("features", features);
        checkPath("adapter", adapter);
        grpo = method == Method.GRPO ? grpo : null;
        curriculum = curriculum == null || curriculum.schedule().shape() == MaskSchedule.Shape.NONE ? null : curriculum;
        if (curriculum != null && curriculum.schedule().isAdaptive() && method != Method.GRPO) {
            throw new InputException("the adaptive curriculum follows the reward, which method " + method.id()
                    + " does not have; take another one");
        }
        checkPath("validation.data", validation == null ? null : validation.data());
        if (stop != null && stop.by() == EarlyStopSettings.Score.REWARD && method != Method.GRPO) {
            throw new InputException("\"stop\" follows the reward, which method " + method.id()
                    + " does not have; set stop.by=validation, or leave it out");
        }
        if (stop != null && stop.by() == EarlyStopSettings.Score.VALIDATION && validation == null) {
            throw new InputException("\"stop.by\" is validation, and there is none; set validation.data=FILE");
        }
        if (lora != null && adapter != null) {
            throw new InputException(
                    "\"adapter\" goes on with an adapter, which brings its own rank, alpha and targets, and \"lora\""
                            + " begins a new one; give one of them");
        }
    }

    private static void checkPath(String key, String text) {
        try {
            Objects.requireNonNull(Path.of(text == null ? "" : text));
        } catch (InvalidPathException e) {
            throw new InputException("\"" + key + "\" is not a path: " + text, e);
        }
    }

    /**
     * Reads a recipe and applies overrides {@code key=value}. A model that is a relative path is looked for in the
     * working directory, beside the recipe and in the installation.
     *
     * @throws InputException naming file or override, and key
     */
    public static Recipe read(Path file, List<String> overrides) {
        Recipe recipe = Settings.read(file, overrides, Recipe.class);
        String found = HubModels.locate(recipe.model, file.toAbsolutePath().getParent());
        return found.equals(recipe.model) ? recipe : Settings.with(recipe, Map.of("model", found));
    }

    /** Returns how the model is asked in training. */
    public TrainedWith trainedWith() {
        return new TrainedWith(prompt, video.changed(), grpo == null ? null : grpo.maxTokens());
    }

    /** Returns the adapter to begin with. */
    public Optional<Path> adapterFolder() {
        return Optional.ofNullable(adapter).map(Path::of);
    }

    /** Returns the model to start from as it was named, and the adapter's folder after a plus sign. */
    public String modelName() {
        return model + adapterFolder().map(folder -> " + " + folder).orElse("");
    }

    /** Returns whether the loss needs the model that training begins with, for its KL penalty. */
    public boolean needsReference() {
        return grpo != null && grpo.loss().settings().kl().beta() > 0;
    }

    public Path dataFile() {
        return Path.of(data);
    }

    /**
     * Returns the prompts whose keys and values a worker holds while it draws replies, at most: those of a step's rollouts
     * and, so that it takes no more memory, of a validation.
     */
    public int promptsTogether() {
        int fitting = grpo == null ? VALIDATED_TOGETHER : Math.max(1, grpo.rolloutsTogether() / grpo.group());
        int workers = compute.workers();
        return Math.min(fitting, (length.prompts() + workers - 1) / workers);
    }

    /** Returns whether the validation decides on something that the run leaves: its last step, or its best model. */
    public boolean validationDecides() {
        return stopsByValidation() || (validation != null && validation.keepBest());
    }

    /** Returns whether the validation decides when the training ends. */
    public boolean stopsByValidation() {
        return stop != null && stop.by() == EarlyStopSettings.Score.VALIDATION;
    }

    public Optional<Path> outputFolder() {
        return Optional.ofNullable(output).map(Path::of);
    }

    public Path featureFolder(Path out) {
        return features == null ? out.resolve("features") : Path.of(features);
    }

    /**
     * Returns the numbers of steps after which a model is kept.
     *
     * @param steps of the whole training
     */
    public List<Long> snapshotSteps(long steps) {
        return LongStream.rangeClosed(1, snapshots)
                .map(i -> steps * i / (snapshots + 1))
                .filter(step -> step > 0)
                .distinct()
                .boxed()
                .toList();
    }

    /** Returns all settings for manifests, defaults included; the prompt by its name. */
    public JsonNode toJson() {
        ObjectNode settings = Json.MAPPER.valueToTree(this);
        return settings.put("prompt", prompt.name());
    }

    /**
     * Returns the hash of all settings that decide the final weights and the best model, except the contents of the named files, which
     * samples are skipped, the device and type that are chosen for the run, and what is spread over ranks.
     */
    public String fingerprint() {
        ObjectNode deciding = (ObjectNode) toJson();
        deciding.remove(List.of(
                "model", "adapter", "data", "onBadVideo", "output", "features", "checkpointEvery", "snapshots", "log"));
        ((ObjectNode) deciding.get("compute")).remove(List.of("device", "dtype", "shard"));
        if (validationDecides()) {
            ((ObjectNode) deciding.get("validation")).remove("data");
        } else {
            deciding.remove("validation");
        }
        // As in versions that know no other score, so that their runs can be resumed.
        if (!stopsByValidation() && deciding.get("stop") instanceof ObjectNode reward) {
            reward.remove("by");
        }
        // A template's texts decide, wherever its file lies.
        ObjectNode template = Json.MAPPER.valueToTree(prompt);
        template.remove("name");
        deciding.set("prompt", template);
        return Sha256.of(Json.line(deciding));
    }
}
