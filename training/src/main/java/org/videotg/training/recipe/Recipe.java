package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.method.curriculum.MaskRule;
import org.videotg.method.curriculum.MaskSchedule;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.hub.HubModels;
import org.videotg.models.lora.LoraConfig;
import org.videotg.models.lora.ModuleSelection;
import org.videotg.models.tensor.Placement;
import org.videotg.training.optimizer.AdamW;
import org.videotg.training.optimizer.LearningRate;

/** Settings of a training run. {@code grpo} is null for the method sft, {@code curriculum} without one. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Recipe(
        @Setting(value = "how the model is trained", required = true)
        Method method,

        @Setting(value = "model to start from, in Hugging Face layout: a folder, or a name on the hub", required = true)
        String model,

        @Setting(value = "training samples (jsonl)", required = true)
        String data,

        @Setting("folder of the run; --out names another") String output,

        @Setting("folder of cached vision features; without it one inside the folder of the run")
        String features,

        @Setting(
                value = "how videos are read: preprocessing, fps, min_frames and the other options of docs/models.md",
                type = "mapping of video options")
        Map<String, String> video,

        @Setting(
                value = "prompt template: one of those that ./videotg prompt lists, or a yaml file",
                defaultValue = "own",
                type = "text")
        PromptTemplate prompt,

        @Setting(value = "seed of everything random", defaultValue = "0")
        long seed,

        @Setting.Inline Length length,
        @Setting("where and how the model computes") Compute compute,
        @Setting("GRPO, for method grpo only") GrpoRecipe grpo,
        @Setting("AdamW and its schedule") Optimizer optimizer,

        @Setting("mask curriculum for samples that are marked hard")
        Curriculum curriculum,

        @Setting(value = "train a new LoRA adapter in place of the model's own weights", optional = true)
        Lora lora,

        @Setting("folder of a LoRA adapter in PEFT's format that is trained further; not beside lora")
        String adapter,

        @Setting(value = "optimizer steps between two checkpoints", defaultValue = "20", range = "at least 1")
        int checkpointEvery) {
    private static final Logger LOG = LoggerFactory.getLogger(Recipe.class);

    /** How the model is trained. */
    public enum Method {
        GRPO,
        SFT;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How long, and how much at once. */
    public record Length(
            @Setting(value = "optimizer steps; give this or epochs", defaultValue = "0", range = "at least 0")
            int steps,

            @Setting(value = "passes over the data; give this or steps", defaultValue = "0", range = "in [0, 1000000]")
            double epochs,

            @Setting(
                    value = "prompts of a batch; each is a row of its own, so memory does not grow with it",
                    defaultValue = "8",
                    range = "at least 1")
            int batch,

            @Setting(value = "batches of one optimizer step", defaultValue = "1", range = "at least 1")
            int accumulation) {
        public Length {
            Settings.check(Length.class, steps, epochs, batch, accumulation);
            if ((steps > 0) == (epochs > 0)) {
                throw new InputException("give either \"steps\" or \"epochs\", a number above 0");
            }
        }

        /** Prompts of one optimizer step. */
        public int prompts() {
            return Math.multiplyExact(batch, accumulation);
        }

        /** Optimizer steps over {@code samples} samples. */
        public int stepsOver(int samples) {
            return steps > 0 ? steps : (int) Math.max(1, Math.ceil(epochs * samples / prompts()));
        }
    }

    /** Where and how the model computes. Trained weights, gradients and optimizer state are float32 in any case. */
    public record Compute(
            @Setting(
                    value = "data-parallel threads, each with gradients of its own",
                    defaultValue = "1",
                    range = "at least 1")
            int workers,

            @Setting(value = "threads of one operation, for each worker", defaultValue = "1", range = "at least 1")
            int threads,

            @Setting(
                    value = "whether the vision tower is trained; otherwise it is frozen and its features are cached",
                    defaultValue = "false")
            boolean trainVision,

            @Setting(
                    value =
                            "rows of the language model's head at a time; more rows are computed again chunk by chunk in the"
                                    + " backward pass",
                    defaultValue = "1024",
                    range = "at least 1")
            int headChunk,

            @Setting(
                    value =
                            "whether the backward pass computes each decoder layer's activations again, instead of keeping all",
                    defaultValue = "false")
            boolean recompute,

            @Setting(value = "auto (a GPU if there is one), cpu, cuda or cuda:N", defaultValue = Placement.Choice.AUTO)
            String device,

            @Setting(
                    value = "type that the model computes in: auto (bfloat16 on a GPU, float32 on the CPU), float32 or"
                            + " bfloat16",
                    defaultValue = Placement.Choice.AUTO)
            String dtype) {
        public Compute {
            Placement.Choice.parse(device, dtype);
        }

        /** The choice of device and type. */
        public Placement.Choice placement() {
            return Placement.Choice.parse(device, dtype);
        }
    }

    /** AdamW and its schedule. */
    public record Optimizer(
            @Setting.Inline LearningRate learningRate,
            @Setting.Inline AdamW.Settings adamw,

            @Setting(
                    value = "highest global norm of the gradient; 0 is no clipping",
                    defaultValue = "1",
                    range = "at least 0")
            double clip) {}

    /** The mask curriculum. */
    @JsonPropertyOrder({"name", "schedule", "plan"})
    public record Curriculum(
            @Setting.Inline MaskSchedule schedule,
            @Setting.Inline MaskRule plan) {
        @JsonProperty
        public String name() {
            return schedule.shape().id();
        }

        public org.videotg.method.curriculum.MaskCurriculum curriculum(long seed) {
            return new org.videotg.method.curriculum.MaskCurriculum(schedule, plan, seed);
        }
    }

    /** Training of a LoRA adapter in place of the model's own weights. */
    public record Lora(
            @Setting(value = "rank of the update", defaultValue = "16", range = "at least 1")
            int rank,

            @Setting(
                    value = "scale: the update is multiplied by alpha / rank, or by alpha / sqrt(rank)",
                    defaultValue = "32")
            double alpha,

            @Setting(value = "whether the scale is alpha / sqrt(rank)", defaultValue = "false")
            boolean rslora,

            @Setting(
                    value =
                            "layers that get an update: the last parts of their names, or a regular expression for whole names;"
                                    + " by default every linear layer of the language model",
                    defaultValue = "'model\\.language_model\\..*_proj'",
                    type = "list of names, or regular expression")
            ModuleSelection targets,

            @Setting(value = "layers among these that get none", type = "list of names, or regular expression")
            ModuleSelection exclude) {
        public Lora {
            new LoraConfig(rank, alpha, rslora, targets, Optional.ofNullable(exclude), "");
        }

        /** @param baseModel name or path of the model that is trained */
        public LoraConfig config(String baseModel) {
            return new LoraConfig(rank, alpha, rslora, targets, Optional.ofNullable(exclude), baseModel);
        }
    }

    public Recipe {
        checkPath("data", data);
        checkPath("output", output);
        checkPath("features", features);
        checkPath("adapter", adapter);
        VideoOptions.of(video == null ? Map.of() : video);
        grpo = method == Method.GRPO ? grpo : null;
        curriculum = curriculum == null || curriculum.schedule().shape() == MaskSchedule.Shape.NONE ? null : curriculum;
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
        Path beside = file.toAbsolutePath().getParent();
        Path home = Path.of(System.getProperty("videotg.home", "")).toAbsolutePath();
        String found = HubModels.locate(recipe.model, List.of(beside, home));
        if (!found.equals(recipe.model)) {
            LOG.info("note: model {} is not in the working directory; taking {}", recipe.model, found);
            return Settings.with(recipe, Map.of("model", found));
        }
        return recipe;
    }

    /**
     * The folder to start from; a model that is named is downloaded when it is not in the cache.
     *
     * @throws InputException if it can't be had
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

    /** All settings for manifests, defaults included; the prompt by its name. */
    public JsonNode toJson() {
        ObjectNode settings = Json.MAPPER.valueToTree(this);
        return settings.put("prompt", prompt.name());
    }

    /**
     * Returns the hash of all settings that decide the final weights, except the contents of the named files and the
     * device and type that are chosen for the run.
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
