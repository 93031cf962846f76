package org.videotg.model.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.error.InputException;
import org.videotg.core.io.Json;

/**
 * The header of a safetensors file: name, type, shape and place of every tensor.
 *
 * @param tensors by name, in the order of the header
 * @param metadata the free {@code __metadata__} texts
 */
public record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata) {
    /** The format's own limit. */
    public static final long LONGEST_HEADER = 100_000_000;

    /**
     * One tensor.
     *
     * @param begin first byte, counted from the end of the header
     * @param end byte after the last
     */
    public record Entry(Dtype dtype, long[] shape, long begin, long end) {
        public long elements() {
            long count = 1;
            for (long size : shape) {
                count = Math.multiplyExact(count, size);
            }
            return count;
        }
    }

    /** The length field, checked against the file's size before anything is allocated. */
    static int checkLength(long length, long fileSize, String where) {
        if (length < 2 || length > LONGEST_HEADER || length > fileSize - 8) {
            throw new InputException(where + ": not a safetensors file (header claims " + Long.toUnsignedString(length)
                    + " bytes, the file has " + fileSize + "); download it again");
        }
        return (int) length;
    }

    /**
     * Parses and checks a header: types known, offsets in order, without gaps or overlaps, lengths that match the shapes.
     *
     * @param dataSize bytes of the file after the header
     * @throws InputException naming the file and the tensor
     */
    static SafetensorsHeader parse(byte[] header, long dataSize, String where) {
        JsonNode root;
        try {
            root = Json.MAPPER.readTree(new String(header, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            throw new InputException(where + ": header is not valid JSON; download the file again", e);
        }
        if (root == null || !root.isObject()) {
            throw new InputException(where + ": header is not a JSON object; download the file again");
        }
        Map<String, Entry> tensors = new LinkedHashMap<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        root.properties().forEach(field -> {
            if (field.getKey().equals("__metadata__")) {
                field.getValue().properties().forEach(text -> metadata.put(text.getKey(), text.getValue().asText()));
            } else {
                tensors.put(field.getKey(), entry(field.getValue(), where + ": tensor \"" + field.getKey() + "\""));
            }
        });
        checkPlaces(tensors, dataSize, where);
        return new SafetensorsHeader(tensors, metadata);
    }

    private static Entry entry(JsonNode node, String where) {
        Dtype dtype;
        try {
            dtype = Dtype.valueOf(node.path("dtype").asText());
        } catch (IllegalArgumentException e) {
            throw new InputException(where + " has unknown type " + node.path("dtype") + "; known: "
                    + List.of(Dtype.values()), e);
        }
        JsonNode shapeNode = node.path("shape");
        JsonNode places = node.path("data_offsets");
        if (!shapeNode.isArray() || shapeNode.size() > 16 || !places.isArray() || places.size() != 2
                || !places.get(0).canConvertToLong() || !places.get(1).canConvertToLong()) {
            throw new InputException(where + " lacks a valid shape or data_offsets");
        }
        long[] shape = new long[shapeNode.size()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = shapeNode.get(i).canConvertToLong() && shapeNode.get(i).isIntegralNumber() ? shapeNode.get(i).longValue() : -1;
            if (shape[i] < 0) {
                throw new InputException(where + " has a bad shape " + shapeNode);
            }
        }
        Entry entry = new Entry(dtype, shape, places.get(0).longValue(), places.get(1).longValue());
        try {
            if (entry.begin() < 0 || entry.end() - entry.begin() != Math.multiplyExact(entry.elements(), dtype.bytes())) {
                throw new InputException(where + ": shape " + shapeNode + " of " + dtype + " does not fill data_offsets " + places);
            }
        } catch (ArithmeticException e) {
            throw new InputException(where + ": shape " + shapeNode + " is larger than any memory", e);
        }
        return entry;
    }

    private static void checkPlaces(Map<String, Entry> tensors, long dataSize, String where) {
        List<Map.Entry<String, Entry>> order = new ArrayList<>(tensors.entrySet());
        order.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin())
                .thenComparingLong(e -> e.getValue().end()));
        long at = 0;
        for (Map.Entry<String, Entry> next : order) {
            if (next.getValue().begin() != at) {
                throw new InputException(where + ": tensor \"" + next.getKey() + "\" starts at byte " + next.getValue().begin()
                        + " where " + at + " was expected (a gap or an overlap)");
            }
            at = next.getValue().end();
        }
        if (at != dataSize) {
            throw new InputException(where + ": tensors take " + at + " bytes, the file has " + dataSize
                    + "; it is truncated or damaged, download it again");
        }
    }
}
