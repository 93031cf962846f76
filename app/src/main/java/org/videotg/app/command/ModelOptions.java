package org.videotg.app.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.doctor.Installation;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.VideoRef;
import picocli.CommandLine.Option;

/** Options of every command that asks a model. */
final class ModelOptions {
    private static final Logger LOG = LoggerFactory.getLogger(ModelOptions.class);

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            description = "folder with a Qwen2.5-VL or Qwen3-VL checkpoint in Hugging Face layout, or a name such as "
                    + "Qwen/Qwen3-VL-2B-Instruct[@REVISION], which is downloaded into the cache that Python shares"
                    + " (HF_HOME, HF_TOKEN, HF_ENDPOINT, HF_HUB_OFFLINE), or a model behind a server,"
                    + " http://HOST:PORT/v1#NAME; default: the small model that comes with videotg")
    private String model;

    @Option(
            names = "--server",
            paramLabel = "KEY=VALUE",
            split = ",",
            description =
                    "how a server is asked, such as kind=vllm,video=frames; see docs/servers.md; its key comes from "
                            + "VIDEOTG_API_KEY or VIDEOTG_API_KEY_FILE; default: what the server says of itself")
    private Map<String, String> server = Map.of();

    @Option(
            names = "--adapter",
            paramLabel = "DIR",
            description = "folder with a LoRA adapter of that model in PEFT's format (adapter_config.json, "
                    + "adapter_model.safetensors), such as OUT/adapter of a run; default: none")
    private Path adapter;

    @Option(
            names = "--video",
            paramLabel = "KEY=VALUE",
            split = ",",
            description =
                    "how videos are read, such as preprocessing=utils,fps=1; see docs/models.md; default: as the family's "
                            + "authors read them")
    private Map<String, String> video = Map.of();

    @Option(
            names = "--prompt",
            paramLabel = "NAME",
            description =
                    "prompt template, or a yaml file of your own (see ./videotg prompt); default: that of the model's "
                            + "training, or own, the one the small model knows")
    private String prompt;

    @Option(
            names = "--features",
            paramLabel = "DIR",
            description =
                    "where vision features are kept for the next time; default: VIDEOTG_CACHE or ~/.cache/videotg")
    private Path features;

    @Option(
            names = "--device",
            paramLabel = "DEVICE",
            defaultValue = "auto",
            description = "auto, cpu, cuda or cuda:N; default: a GPU where there is one (see ./videotg doctor)")
    private String device;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            defaultValue = "auto",
            description = "auto, float32 or bfloat16; default: bfloat16 on a GPU, float32 on the CPU")
    private String dtype;

    /** Returns the prompt that was asked for, or else that of the model's training. */
    PromptTemplate prompt(Backend.Handle handle) {
        return TrainedWith.prompt(handle, Optional.ofNullable(prompt), LOG::warn);
    }

    /** Returns the greatest length of a reply that was asked for, or else that of the model's training. */
    int maxTokens(Backend.Handle handle, Integer asked) {
        if (asked != null) {
            Checks.atLeast(1, "--max-tokens", asked);
        }
        return TrainedWith.maxTokens(handle, Optional.ofNullable(asked), LOG::warn);
    }

    /** Finds the model; its weights are not loaded. */
    Backend.Handle find() {
        return find(features());
    }

    /** Finds the model, with vision features kept in a folder that the command line did not name. */
    Backend.Handle find(Path features) {
        return Backend.findModel(new Backend.Request(
                model == null ? Installation.current().embeddedModel().toString() : model,
                Optional.ofNullable(adapter),
                video,
                features,
                device,
                dtype,
                server));
    }

    /** What the command line says of the model, as settings of a process on another machine; what is not said is null. */
    Map<String, Object> described() {
        Map<String, Object> settings = new LinkedHashMap<>();
        String named = model == null ? Installation.current().embeddedModel().toString() : model;
        settings.put("model", Files.isDirectory(Path.of(named)) ? absolute(Path.of(named)) : named);
        settings.put("adapter", adapter == null ? null : absolute(adapter));
        settings.put("server", server);
        settings.put("video", video);
        settings.put("prompt", prompt != null && Files.exists(Path.of(prompt)) ? absolute(Path.of(prompt)) : prompt);
        settings.put("device", device);
        settings.put("dtype", dtype);
        return settings;
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }

    /** Whether the command line names a folder for vision features. */
    boolean hasFeatures() {
        return features != null;
    }

    Path features() {
        return features == null ? Installation.current().features() : features;
    }

    /** Warns on standard error of what a reader of the model's answers to these videos must know, and returns it. */
    static Optional<String> warn(Backend.Handle model, Collection<VideoRef> videos) {
        Optional<String> caveat = model.caveat(videos);
        caveat.ifPresent(text -> LOG.info("note: {}", text));
        return caveat;
    }
}
