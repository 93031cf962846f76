package org.videotg;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.config.Settings;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.TrainedWith;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.NativeSettings;

/**
 * Which model is opened, and how it computes. {@link #of} gives the defaults; every {@code with} method returns a
 * changed copy.
 *
 * @param model a folder with a Qwen2.5-VL or Qwen3-VL checkpoint in Hugging Face layout, or a name on the hub such as
 *     {@code Qwen/Qwen3-VL-2B-Instruct}, which is downloaded once into the cache that Python shares, or a model behind a
 *     server such as {@code http://localhost:8000/v1#NAME} (docs/servers.md), for which device and dtype are not given
 * @param adapter folder of a LoRA adapter in PEFT's format
 * @param device {@code auto} (a GPU where there is one), {@code cpu}, {@code cuda} or {@code cuda:N}
 * @param dtype {@code auto} (bfloat16 on a GPU, float32 on the CPU), {@code float32} or {@code bfloat16}
 * @param video how videos are read, such as {@code fps} to {@code 1} (docs/models.md); what is not given is that of the
 *     model's training, or the default of its family
 * @param server how a server is asked, by the keys of docs/servers.md; empty for what the server says of itself
 * @param prompt name of a prompt template (docs/prompts-and-rewards.md) or path of a yaml file; empty for that of the
 *     model's training, or the default
 * @param features folder in which vision features are kept for the next time
 * @param maxTokens greatest length of a reply in tokens, at least 1; empty for that of the model's training, or 96
 */
public record ModelSettings(
        String model,
        Optional<Path> adapter,
        String device,
        String dtype,
        Map<String, String> video,
        Map<String, String> server,
        Optional<String> prompt,
        Path features,
        OptionalInt maxTokens) {

    private static final Logger LOG = LoggerFactory.getLogger(ModelSettings.class);

    public ModelSettings {
        Objects.requireNonNull(adapter, "adapter");
        Objects.requireNonNull(device, "device");
        Objects.requireNonNull(dtype, "dtype");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(features, "features");
        if (model.isBlank()) {
            throw new IllegalArgumentException("model is blank; give a folder or a name on the hub");
        }
        if (maxTokens.orElse(1) < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, not " + maxTokens.getAsInt());
        }
        video = Map.copyOf(video);
        server = Map.copyOf(server);
    }

    /** Returns the default settings for a folder or a name on the hub. */
    public static ModelSettings of(String model) {
        return new ModelSettings(
                model,
                Optional.empty(),
                "auto",
                "auto",
                Map.of(),
                Map.of(),
                Optional.empty(),
                NativeSettings.cache().resolve("features"),
                OptionalInt.empty());
    }

    /** Returns the default settings for a folder. */
    public static ModelSettings of(Path model) {
        return of(model.toString());
    }

    /** Returns these settings with a LoRA adapter. */
    public ModelSettings withAdapter(Path folder) {
        return Settings.with(this, Map.of("adapter", Optional.of(folder)));
    }

    /** Returns these settings with another device. */
    public ModelSettings withDevice(String changed) {
        return Settings.with(this, Map.of("device", changed));
    }

    /** Returns these settings with another type of the weights. */
    public ModelSettings withDtype(String changed) {
        return Settings.with(this, Map.of("dtype", changed));
    }

    /** Returns these settings with one more option for reading videos, such as {@code fps} and {@code 1}. */
    public ModelSettings withVideo(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(video);
        changed.put(key, value);
        return Settings.with(this, Map.of("video", changed));
    }

    /**
     * Returns these settings with one more setting of how a server is asked, such as {@code kind} and {@code vllm}
     * (docs/servers.md); for a model behind a server only.
     */
    public ModelSettings withServer(String key, String value) {
        Map<String, String> changed = new LinkedHashMap<>(server);
        changed.put(key, value);
        return Settings.with(this, Map.of("server", changed));
    }

    /** Returns these settings with another prompt template: its name, or the path of a yaml file. */
    public ModelSettings withPrompt(String changed) {
        return Settings.with(this, Map.of("prompt", Optional.of(changed)));
    }

    /** Returns these settings with another folder of cached vision features. */
    public ModelSettings withFeatures(Path folder) {
        return Settings.with(this, Map.of("features", folder));
    }

    /** Returns these settings with another greatest length of a reply, in tokens. */
    public ModelSettings withMaxTokens(int changed) {
        return Settings.with(this, Map.of("maxTokens", OptionalInt.of(changed)));
    }

    Backend.Handle find() {
        return Backend.findModel(new Backend.Request(model, adapter, video, features, device, dtype, server));
    }

    int tokens(Backend.Handle handle) {
        Optional<Integer> given = maxTokens.isPresent() ? Optional.of(maxTokens.getAsInt()) : Optional.empty();
        return TrainedWith.maxTokens(handle, given, LOG::warn);
    }

    PromptTemplate template(Backend.Handle handle) {
        return TrainedWith.prompt(handle, prompt, LOG::warn);
    }
}
