package org.videotg.core.dataset;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.videotg.core.error.InputException;
import org.videotg.core.interval.Interval;
import org.videotg.core.io.Json;

/**
 * The json of ActivityNet Captions: {@code {video: {"duration", "timestamps": [[start, end]..], "sentences": [..]}}}, in seconds.
 */
public record VideoKeyedJson() implements AnnotationFormat {
    @Override
    public String label() {
        return "ActivityNet Captions json";
    }

    @Override
    public boolean recognises(String text) {
        return text.stripLeading().startsWith("{") && text.contains("\"timestamps\"");
    }

    @Override
    public List<Annotation> parse(String text, String where) {
        List<Annotation> annotations = new ArrayList<>();
        for (Map.Entry<String, JsonNode> video : Json.parse(text, where).properties()) {
            String place = where + ": video \"" + video.getKey() + "\"";
            JsonNode timestamps = video.getValue().path("timestamps");
            JsonNode sentences = video.getValue().path("sentences");
            double duration = video.getValue().path("duration").asDouble(0);
            if (!(duration > 0) || !timestamps.isArray() || !sentences.isArray() || timestamps.size() != sentences.size()) {
                throw new InputException(place + " needs a positive \"duration\", and as many \"timestamps\" as \"sentences\"");
            }
            for (int i = 0; i < sentences.size(); i++) {
                JsonNode pair = timestamps.get(i);
                if (pair.size() != 2 || !seconds(pair.get(0)) || !seconds(pair.get(1)) || sentences.get(i).asText().isBlank()) {
                    throw new InputException(place + ": timestamp " + i + " must be a pair of seconds with a sentence, not "
                            + pair);
                }
                annotations.add(new Annotation(video.getKey() + "#" + i, video.getKey(), OptionalDouble.of(duration),
                        sentences.get(i).asText().strip(), new Interval(pair.get(0).asDouble(), pair.get(1).asDouble())));
            }
        }
        return annotations;
    }

    private static boolean seconds(JsonNode node) {
        return node.isNumber() && Double.isFinite(node.asDouble());
    }
}
