package org.videotg.video;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.videotg.core.io.Jsonl;

/** Values of the pinned references, written by bench/reference/golden_resize.py. */
final class Golden {
    private Golden() {}

    static List<JsonNode> rows(String kind) {
        try {
            Path file = Path.of(Golden.class.getResource("golden_video.jsonl").toURI());
            List<JsonNode> rows = Jsonl.read(file).stream()
                    .map(Jsonl.Row::node)
                    .filter(node -> node.get("kind").asText().equals(kind))
                    .toList();
            if (rows.isEmpty()) {
                throw new IllegalStateException("no golden values of kind " + kind);
            }
            return rows;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
