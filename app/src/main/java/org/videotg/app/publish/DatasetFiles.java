package org.videotg.app.publish;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.models.hub.HubName.Kind;
import org.videotg.models.hub.UploadFile;

/** A file of samples as a data set: {@code data/SPLIT.jsonl}, whose videos have no folders of this machine. */
final class DatasetFiles {
    private static final String VIDEO = "video";

    private DatasetFiles() {}

    static Publication publication(Path file, Publication.Facts facts) {
        if (!facts.split().matches("[A-Za-z0-9_]+")) {
            throw new InputException("--split must be a name such as train, not \"" + facts.split() + "\"");
        }
        List<Sample> samples = Samples.read(file);
        StringBuilder text = new StringBuilder();
        Map<String, String> names = new HashMap<>();
        Map<String, Integer> fields = new LinkedHashMap<>();
        Set<String> videos = new HashSet<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            ObjectNode node = row.node().deepCopy();
            String video = portable(node.path(VIDEO).asText());
            String earlier = names.putIfAbsent(video, node.path(VIDEO).asText());
            if (earlier != null && !earlier.equals(node.path(VIDEO).asText())) {
                throw new InputException(row.where() + ": the videos " + earlier + " and "
                        + node.path(VIDEO).asText() + " would both be called " + video
                        + "; write the file with relative paths (convert), then push");
            }
            node.put(VIDEO, video);
            videos.add(video);
            node.fieldNames().forEachRemaining(name -> fields.merge(name, 1, Integer::sum));
            text.append(Json.line(node)).append('\n');
        }
        String path = "data/" + facts.split() + ".jsonl";
        List<Path> here = List.of(file.toAbsolutePath().normalize().getParent());
        LocalPaths.refuse(path, text.toString(), here);
        String card = card(facts, path, samples, videos.size(), fields);
        LocalPaths.refuse(Publication.CARD, card, here);
        List<String> notes = new ArrayList<>();
        notes.add("videos are not pushed, only their names");
        if (facts.license().isEmpty()) {
            notes.add("the card states no licence; give that of the annotations with --license");
        }
        return new Publication(
                Kind.DATASET,
                "data set",
                List.of(UploadFile.of(Publication.CARD, card), UploadFile.of(path, text.toString())),
                notes);
    }

    /** The path of a video below some folder: without what leads out of this one, and an absolute one without folders. */
    private static String portable(String video) {
        return video.startsWith("/") || video.matches("[A-Za-z]:[/\\\\].*")
                ? video.replaceFirst(".*[/\\\\]", "")
                : video.replaceFirst("^(\\.\\.?/)+", "");
    }

    private static String card(
            Publication.Facts facts, String path, List<Sample> samples, int videos, Map<String, Integer> fields) {
        List<String> lines = new ArrayList<>(List.of("---"));
        facts.license().ifPresent(license -> lines.add("license: " + CardText.scalar(license)));
        lines.addAll(List.of(
                "task_categories:",
                "- video-text-to-text",
                "tags:",
                "- video-temporal-grounding",
                "- videotg",
                "configs:",
                "- config_name: default",
                "  data_files:",
                "  - split: " + facts.split(),
                "    path: " + path,
                "---",
                "",
                "# " + facts.name(),
                "",
                samples.size() + " queries about " + videos + " videos, which are not part of this data set: when does"
                        + " what a sentence describes happen, in seconds?",
                "",
                "| field | rows | meaning |",
                "|---|---|---|"));
        fields.forEach((name, rows) ->
                lines.add("| `" + name + "` | " + rows + " | " + MEANINGS.getOrDefault(name, "") + " |"));
        CardText.selection(facts.selection()).ifPresent(lines::addAll);
        lines.addAll(List.of(
                "",
                "## Use",
                "",
                "```",
                "./videotg convert hf://datasets/" + facts.name() + "/" + path + " --videos DIR --out " + facts.split()
                        + ".jsonl",
                "```"));
        return String.join("\n", lines) + "\n";
    }

    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("id", "unique name of the sample"),
            Map.entry("video", "name of the video file"),
            Map.entry("video_start", "start of the part of the video that the sample is about, in seconds"),
            Map.entry("video_end", "end of that part"),
            Map.entry("duration", "of the video, or of that part, in seconds"),
            Map.entry("query", "the sentence or question"),
            Map.entry("intervals", "annotated intervals, `[[start, end], ..]` in seconds"),
            Map.entry("task", "`vtg`: find the interval; `gqa`: answer and find it"),
            Map.entry("options", "of a question"),
            Map.entry("answer", "letter of the right option"),
            Map.entry("difficulty", "1 - mean IoU of zero-shot predictions"),
            Map.entry("hard", "whether the mean IoU is below the threshold"),
            Map.entry("reflected", "intervals outside the annotation in which the query happens too"),
            Map.entry("undecided", "whether reflection found no answer"),
            Map.entry("repaired", "whether the annotation was completed by what reflection found"));
}
