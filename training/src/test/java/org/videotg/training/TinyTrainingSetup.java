package org.videotg.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.video.Mp4Writer;

/** A model folder with small random weights and a tokenizer of single bytes, and a few videos with training samples. */
public final class TinyTrainingSetup {
    private static final int SIDE = 64;
    private static final int FPS = 4;
    private static final int SECONDS = 12;

    public final Path model;
    public final Path data;

    /**
     * Writes everything into {@code folder}.
     *
     * @param family name of the family's folder of golden values
     */
    public TinyTrainingSetup(Path folder, String family, int samples) {
        this.model = folder.resolve("model");
        this.data = folder.resolve("data/train.jsonl");
        try {
            Files.createDirectories(model);
            Files.createDirectories(data.getParent());
            for (String name :
                    List.of("config.json", "generation_config.json", "model.safetensors", "tokenizer.json")) {
                Files.copy(TinyModel.checkpoint(family).resolve(name), model.resolve(name));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        AtomicFiles.writeString(
                model.resolve("video_preprocessor_config.json"),
                "{\"fps\": 2, \"min_frames\": 4, \"max_frames\": 24,"
                        + " \"size\": {\"shortest_edge\": 4096, \"longest_edge\": 98304}}");
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
        Mp4Writer.write(
                data.resolveSibling(video),
                SIDE,
                SIDE,
                FPS,
                IntStream.range(0, FPS * SECONDS)
                        .mapToObj(frame -> {
                            byte[] rgb = new byte[SIDE * SIDE * 3];
                            Arrays.fill(rgb, (byte) (frame / FPS == start ? brightness : 10));
                            return rgb;
                        })
                        .iterator(),
                Mp4Writer.CRISP);
        Sample sample = Sample.vtg("s" + i, video, SECONDS, "it is bright", List.of(new Interval(start, start + 1)));
        return new Curation(0.8, i % 2 == 0, List.of(), false, false).onto(sample);
    }

    /** Writes a recipe for this model and these samples; {@code settings} are further yaml lines. */
    public Path recipe(String name, String... settings) {
        Path file = data.resolveSibling(name + ".yaml");
        AtomicFiles.writeString(
                file, "model: " + model + "\ndata: " + data + "\nseed: 5\n" + String.join("\n", settings) + "\n");
        return file;
    }
}
