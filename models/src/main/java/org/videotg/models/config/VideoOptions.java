package org.videotg.models.config;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/**
 * The user's options for how a model reads videos, named as in qwen-vl-utils where it has them. Those that are null
 * have the default of the checkpoint or of its family. They change results, so every run records them.
 */
public record VideoOptions(
        @Setting("whose rules turn a video into frames; default: the family's")
        Preprocessing preprocessing,

        @Setting(value = "frames sampled per second; default: 2, or the checkpoint's with hf", range = "above 0")
        Double fps,

        @Setting(
                value = "least number of frames; default: 4, or the checkpoint's with hf",
                key = "min_frames",
                range = "at least 1")
        Integer minFrames,

        @Setting(
                value = "greatest number of frames; default: 768, or the checkpoint's with hf",
                key = "max_frames",
                range = "at least 1")
        Integer maxFrames,

        @Setting(
                value = "least pixels of a frame; of the whole clip for Qwen3-VL with hf",
                key = "min_pixels",
                range = "at least 1")
        Long minPixels,

        @Setting(
                value = "most pixels of a frame; of the whole clip for Qwen3-VL with hf",
                key = "max_pixels",
                range = "at least 1")
        Long maxPixels,

        @Setting(value = "most pixels of all pairs of frames; not with hf", key = "total_pixels", range = "above 0")
        Double totalPixels,

        @Setting(value = "rule for the positions of text after a video", defaultValue = "qwen")
        PositionScheme positions,

        @Setting(
                value = "seconds of a pair of frames in Qwen2.5-VL's positions",
                key = "second_per_grid",
                defaultValue = "exact",
                type = "`exact`, `whole` or number, at least 0")
        SecondPerGridRule gridSeconds,

        @Setting(
                value = "whether Qwen3-VL's vision_start and vision_end also stand around the whole video, as in"
                        + " transformers from 5.10 on",
                key = "outer_pair",
                defaultValue = "false")
        boolean outerPair,

        @Setting(
                value = "whether the checkpoint's own chat template is compared with the family's, by which prompts are"
                        + " written",
                key = "chat_template",
                defaultValue = "check")
        TemplateCheck chatTemplate) {
    /** The default of every option. */
    public static final VideoOptions DEFAULT = Settings.defaults(VideoOptions.class);

    private static final Set<String> OF_PROMPT = Set.of("positions", "second_per_grid", "outer_pair", "chat_template");

    /** What happens to a checkpoint's own chat template, which is never run. */
    public enum TemplateCheck {
        /** One that writes other prompts than the family's is refused or noted. */
        CHECK,
        /** It is not read. */
        IGNORE;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The program whose rules turn a video into frames. */
    public enum Preprocessing {
        /** The video processor of transformers 5.18 with the checkpoint's own configuration. */
        HF,
        /** qwen-vl-utils 0.0.14. */
        UTILS,
        /** qwen-vl-utils, and transformers resizes once more, as it does without {@code do_resize=False}. */
        UTILS_HF;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT).replace('_', '+');
        }
    }

    /**
     * Reads options given as texts, such as on a command line.
     *
     * @throws org.videotg.core.io.InputException naming an option that is unknown, or whose value does not fit
     */
    public static VideoOptions of(Map<String, String> texts) {
        return Settings.change(DEFAULT, texts, "video options");
    }

    /** Returns the options that differ from the default, as texts by their keys. Recipes are recorded in this form. */
    @JsonValue
    public Map<String, String> changed() {
        Map<String, String> changed = new LinkedHashMap<>();
        JsonNode defaults = Settings.tree(DEFAULT);
        Settings.tree(this).properties().stream()
                .filter(option -> !option.getValue().equals(defaults.get(option.getKey())))
                .forEach(option -> changed.put(option.getKey(), text(option.getValue())));
        return changed;
    }

    private static String text(JsonNode value) {
        return value.isDouble() ? value.decimalValue().stripTrailingZeros().toPlainString() : value.asText();
    }

    /** Returns the changed options that affect the prompt, in one line for manifests; empty by default. */
    public String describePrompt() {
        return changed().entrySet().stream()
                .filter(option -> OF_PROMPT.contains(option.getKey()))
                .map(Map.Entry::toString)
                .sorted()
                .collect(Collectors.joining(" "));
    }
}
