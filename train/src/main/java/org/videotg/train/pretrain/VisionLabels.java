package org.videotg.train.pretrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.videotg.core.io.Jsonl;

/**
 * The labels of {@code scenes.jsonl}: for each whole second of a video which attribute pairs and triples can be seen.
 *
 * @param names every label, sorted
 * @param seconds by video path: for each second the indices of its labels
 */
record VisionLabels(List<String> names, Map<String, List<int[]>> seconds) {
    static VisionLabels read(Path file) {
        Map<String, List<List<String>>> byVideo = new LinkedHashMap<>();
        TreeSet<String> all = new TreeSet<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            List<List<String>> seconds = new ArrayList<>();
            for (JsonNode grid : row.node().path("grids")) {
                TreeSet<String> labels = new TreeSet<>();
                for (JsonNode triple : grid) {
                    String pair = triple.get(0).asText() + " " + triple.get(1).asText();
                    labels.add(pair);
                    labels.add(pair + " " + triple.get(2).asText());
                }
                all.addAll(labels);
                seconds.add(List.copyOf(labels));
            }
            byVideo.put(row.node().path("video").asText(), seconds);
        }
        List<String> names = List.copyOf(all);
        Map<String, List<int[]>> indexed = new LinkedHashMap<>();
        byVideo.forEach((video, seconds) -> indexed.put(video,
                seconds.stream().map(labels -> labels.stream().mapToInt(names::indexOf).toArray()).toList()));
        return new VisionLabels(names, indexed);
    }

    /** Targets [grids, labels]: 1 where a label holds at the grid's time. */
    float[] targets(String video, double[] timestamps) {
        float[] targets = new float[timestamps.length * names.size()];
        List<int[]> labels = seconds.get(video);
        for (int grid = 0; grid < timestamps.length; grid++) {
            for (int label : labels.get(Math.min((int) timestamps[grid], labels.size() - 1))) {
                targets[grid * names.size() + label] = 1;
            }
        }
        return targets;
    }
}
