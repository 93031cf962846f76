package org.videotg.train;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.videotg.core.interval.Interval;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.core.selection.Curation;
import org.videotg.video.Mp4Writer;

/** A checkpoint folder around the small random weights, with a tokenizer of single bytes, and a few videos with samples. */
public final class TinyWorld {
    private static final int SIDE = 64;
    private static final int FPS = 4;
    private static final int SECONDS = 12;
    private static final Map<String, Integer> SPECIAL = new LinkedHashMap<>(Map.of("<|im_start|>", 256, "<|im_end|>", 257,
            "<|vision_start|>", 284, "<|vision_end|>", 286, "<|video_pad|>", 288));

    public final Path model;
    public final Path data;

    /** Writes everything below {@code folder}. */
    public TinyWorld(Path folder, int samples) {
        this.model = folder.resolve("model");
        this.data = folder.resolve("data/train.jsonl");
        try {
            Files.createDirectories(model);
            Files.createDirectories(data.getParent());
            for (String name : List.of("config.json", "model.safetensors")) {
                Files.copy(TinyModel.FOLDER.resolve(name), model.resolve(name));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        AtomicFiles.writeString(model.resolve("generation_config.json"), "{\"eos_token_id\": 257}");
        AtomicFiles.writeString(model.resolve("video_preprocessor_config.json"),
                "{\"fps\": 2, \"min_frames\": 4, \"max_frames\": 24,"
                        + " \"size\": {\"shortest_edge\": 4096, \"longest_edge\": 98304}}");
        AtomicFiles.writeString(model.resolve("tokenizer.json"), Json.pretty(tokenizer()));
        List<Sample> rows = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            rows.add(sample(i));
        }
        Samples.write(data, rows);
    }

    private Sample sample(int i) {
        String video = "v" + i + ".mp4";
        int start = i % 3;
        int brightness = 60 + 40 * (i % 5);
        Mp4Writer.write(data.resolveSibling(video), SIDE, SIDE, FPS, IntStream.range(0, FPS * SECONDS).mapToObj(frame -> {
            byte[] rgb = new byte[SIDE * SIDE * 3];
            Arrays.fill(rgb, (byte) (frame / FPS == start ? brightness : 10));
            return rgb;
        }).iterator(), Mp4Writer.CRISP);
        Sample sample = Sample.vtg("s" + i, video, SECONDS, "it is bright", List.of(new Interval(start, start + 1)));
        return new Curation(0.8, i % 2 == 0, List.of(), false, false).onto(sample);
    }

    /** A byte-level BPE without merges: a token per byte. */
    private static ObjectNode tokenizer() {
        ObjectNode vocabulary = Json.MAPPER.createObjectNode();
        int extra = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
            vocabulary.put(String.valueOf((char) (printable ? b : extra++)), b);
        }
        ArrayNode added = Json.MAPPER.createArrayNode();
        for (int id = 256; id < 290; id++) {
            int wanted = id;
            String name = SPECIAL.entrySet().stream().filter(e -> e.getValue() == wanted).map(Map.Entry::getKey).findFirst()
                    .orElse("<|unused" + id + "|>");
            vocabulary.put(name, id);
            added.addObject().put("id", id).put("content", name).put("single_word", false).put("lstrip", false)
                    .put("rstrip", false).put("normalized", false).put("special", true);
        }
        ObjectNode root = Json.MAPPER.createObjectNode().put("version", "1.0");
        root.set("added_tokens", added);
        ObjectNode bytes = Json.MAPPER.createObjectNode().put("type", "ByteLevel").put("add_prefix_space", false)
                .put("trim_offsets", false).put("use_regex", false);
        root.set("pre_tokenizer", bytes);
        root.set("decoder", bytes);
        ObjectNode bpe = root.putObject("model").put("type", "BPE");
        bpe.set("vocab", vocabulary);
        bpe.putArray("merges");
        return root;
    }

    /** A recipe on this world; {@code settings} are further yaml lines. */
    public Path recipe(String name, String... settings) {
        Path file = data.resolveSibling(name + ".yaml");
        AtomicFiles.writeString(file, "model: " + model + "\ndata: " + data + "\nseed: 5\n" + String.join("\n", settings) + "\n");
        return file;
    }
}
