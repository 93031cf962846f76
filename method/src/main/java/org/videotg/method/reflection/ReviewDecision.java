package org.videotg.method.reflection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.io.JsonlLog;

/** What a person decided about a sample; a row {@code {"id","decision":"keep|discard|repair"}}. */
public record ReviewDecision(
        @JsonProperty("id") String id,
        @JsonProperty("decision") Choice choice) {
    /** The decision. */
    public enum Choice {
        KEEP,
        DISCARD,
        REPAIR;

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @JsonCreator
    public ReviewDecision {
        Objects.requireNonNull(id, "\"id\" is missing");
        Objects.requireNonNull(choice, "\"decision\" is missing; give keep, discard or repair");
    }

    /**
     * Stored decisions by id; a later line about the same sample replaces an earlier one. A truncated last
     * line is an error.
     */
    public static Map<String, Choice> read(Path file) {
        Map<String, Choice> decisions = new LinkedHashMap<>();
        for (Jsonl.Row row : Jsonl.read(file)) {
            ReviewDecision decision = Json.convert(row.node(), ReviewDecision.class, row.where());
            decisions.put(decision.id(), decision.choice());
        }
        return Collections.unmodifiableMap(decisions);
    }

    /** Stores this decision. */
    public void append(Path file) {
        try (JsonlLog log = JsonlLog.open(file)) {
            log.appendEditable(this);
        }
    }
}
