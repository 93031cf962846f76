package org.videotg.core.mllm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.videotg.core.io.Json;

/**
 * The notes on the videos of samples ({@link Mllm#notes}): each is printed once, stored as {@value #FIELD} in the rows
 * about its samples, and counted at the end.
 */
public final class VideoNotes {
    /** Field of a row with the notes on its video; absent if there are none. */
    public static final String FIELD = "notes";

    private final Consumer<String> output;
    private final Set<String> printed = new HashSet<>();
    private final Map<String, List<String>> bySample = new LinkedHashMap<>();

    /** @param output takes each note when it is first made */
    public VideoNotes(Consumer<String> output) {
        this.output = output;
    }

    /** Takes over the notes of a row that an earlier run has written. */
    public void stored(String sample, JsonNode row) {
        if (row.path(FIELD).isArray()) {
            List<String> notes = new ArrayList<>();
            row.get(FIELD).forEach(note -> notes.add(note.asText()));
            bySample.put(sample, notes);
            printed.addAll(notes);
        }
    }

    /** Adds the notes on the video of a sample. */
    public void add(String sample, List<String> notes) {
        if (!notes.isEmpty()) {
            bySample.put(sample, notes);
            notes.stream().filter(printed::add).forEach(output);
        }
    }

    /** Returns a row about a sample with its notes. */
    public JsonNode row(String sample, Object value) {
        ObjectNode row = Json.MAPPER.valueToTree(value);
        if (bySample.containsKey(sample)) {
            row.set(FIELD, Json.MAPPER.valueToTree(bySample.get(sample)));
        }
        return row;
    }

    /** Says how many samples have notes, if any has. */
    public void count() {
        if (!bySample.isEmpty()) {
            output.accept(bySample.size() + (bySample.size() == 1 ? " sample has" : " samples have")
                    + " notes on the video, which docs/videos.md explains");
        }
    }
}
