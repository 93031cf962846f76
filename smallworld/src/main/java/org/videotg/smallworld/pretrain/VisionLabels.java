package org.videotg.smallworld.pretrain;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;

/**
 * The labels of {@code scenes.jsonl}: the attribute pairs and triples that can be seen in each whole second of a video.
 *
 * @param names all labels, sorted
 * @param seconds for each second of a video the indices of its labels, by the video's path
 */
record VisionLabels(List<String> names, Map<String, List<int[]>> seconds) {
    /** Returns all labels of the files, sorted. */
    static List<String> names(List<Path> files) {
        TreeSet<String> all = new TreeSet<>();
        files.forEach(file -> labels(file).values().forEach(seconds -> seconds.forEach(all::addAll)));
        return List.copyOf(all);
    }

    /**
     * Reads a file.
     *
     * @param names all labels, those of other files included
     */
    static VisionLabels read(Path file, List<String> names) {
        Map<String, List<List<String>>> byVideo = labels(file);
        Map<String, List<int[]>> indexed = new LinkedHashMap<>();
        byVideo.forEach((video, seconds) -> indexed.put(
                video,
                seconds.stream()
                        .map(labels -> labels.stream().mapToInt(names::indexOf).toArray())
                        .toList()));
        return new VisionLabels(names, indexed);
    }

    private static Map<String, List<List<String>>> labels(Path file) {
        Map<String, List<List<String>>> byVideo = new LinkedHashMap<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            List<List<String>> seconds = new ArrayList<>();
            for (JsonNode grid : row.node().path("grids")) {
                TreeSet<String> labels = new TreeSet<>();
                for (JsonNode triple : grid) {
                    String pair = triple.get(0).asText() + " " + triple.get(1).asText();
                    labels.add(pair);
                    labels.add(pair + " " + triple.get(2).asText());
                }
                seconds.add(List.copyOf(labels));
            }
            byVideo.put(row.node().path("video").asText(), seconds);
        }
        return byVideo;
    }

    /** Returns the targets [grids, labels]: 1 where a label holds at the grid's timestamp. */
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

    /**
     * Returns how much of a query each grid shows, as {@link AuxiliaryHeads#MATCHES} labels by grid.
     *
     * @param query ends with one of the triples
     * @throws InputException if no scene shows the query
     */
    float[][] matches(String video, double[] timestamps, String query) {
        String triple = names.stream()
                .filter(name -> name.split(" ").length > 2 && query.endsWith(name))
                .findFirst()
                .orElseThrow(() -> new InputException(
                        "no scene shows \"" + query + "\", so the vision labels lack it; render more videos"));
        String[] parts = triple.split(" ", 3);
        List<int[]> labels = seconds.get(video);
        float[][] matches = new float[timestamps.length][AuxiliaryHeads.MATCHES];
        for (int grid = 0; grid < timestamps.length; grid++) {
            for (int label : labels.get(Math.min((int) timestamps[grid], labels.size() - 1))) {
                String[] shown = names.get(label).split(" ", 3);
                if (shown.length == 3) {
                    boolean[] same = {shown[0].equals(parts[0]), shown[1].equals(parts[1]), shown[2].equals(parts[2])};
                    boolean[] matched = {same[0], same[1], same[2], same[0] && same[1], same[0] && same[1] && same[2]};
                    for (int i = 0; i < matched.length; i++) {
                        matches[grid][i] = matched[i] ? 1 : matches[grid][i];
                    }
                }
            }
        }
        return matches;
    }

    /** Returns a random query, with probability 3/4 one that holds in a random second of the video, if any. */
    String drawQuery(String video, Random random) {
        List<int[]> grids = seconds.get(video);
        int[] labels = grids.get(random.nextInt(grids.size()));
        int[] triples = Arrays.stream(labels)
                .filter(label -> names.get(label).split(" ").length > 2)
                .toArray();
        List<String> all =
                names.stream().filter(name -> name.split(" ").length > 2).toList();
        boolean holds = triples.length > 0 && random.nextInt(4) > 0;
        return "the "
                + (holds ? names.get(triples[random.nextInt(triples.length)]) : all.get(random.nextInt(all.size())));
    }
}
