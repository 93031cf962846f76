package org.videotg.app.measure;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.videotg.app.dryrun.PublishedSizes;
import org.videotg.core.io.InputException;

/** Shapes of models whose weights are random. */
public enum ModelSize {
    /** The language model of Qwen2.5-0.5B below the vision tower of Qwen2.5-VL; no such model is published. */
    HALF("0.5B", "Qwen/Qwen2.5-VL-3B"),
    TWO("2B", "Qwen/Qwen3-VL-2B"),
    THREE("3B", "Qwen/Qwen2.5-VL-3B");

    private final String id;
    private final String published;

    ModelSize(String id, String published) {
        this.id = id;
        this.published = published;
    }

    /** Every size, smallest first, as text. */
    public static final String ALL = "0.5B,2B,3B";

    /**
     * Reads a list such as {@value #ALL}; {@code none} is empty.
     *
     * @throws InputException for an unknown size
     */
    public static List<ModelSize> parse(String text) {
        return text.equals("none")
                ? List.of()
                : Arrays.stream(text.split(",")).map(ModelSize::named).toList();
    }

    private static ModelSize named(String id) {
        return Arrays.stream(values())
                .filter(size -> size.id.equalsIgnoreCase(id.strip()))
                .findFirst()
                .orElseThrow(() -> new InputException("unknown size \"" + id + "\"; known: "
                        + Arrays.stream(values()).map(size -> size.id).collect(Collectors.joining(", "))
                        + ", or none"));
    }

    /** Returns the name by which users choose it. */
    public String id() {
        return id;
    }

    /** Returns config.json. */
    ObjectNode config() {
        ObjectNode config = PublishedSizes.json(published).orElseThrow();
        if (this == HALF) {
            config.put("hidden_size", 896).put("intermediate_size", 4864).put("num_hidden_layers", 24);
            config.put("num_attention_heads", 14).put("num_key_value_heads", 2);
            config.withObject("vision_config").put("out_hidden_size", 896);
            config.putObject("rope_scaling")
                    .put("type", "mrope")
                    .putArray("mrope_section")
                    .add(8)
                    .add(12)
                    .add(12);
        }
        return config;
    }
}
