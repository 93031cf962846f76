package org.videotg.models.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * Parses a header token by token and stops at the first wrong one, so that a malformed header costs no memory, however
 * long or deep it is.
 */
final class HeaderParser {
    private static final String METADATA = "__metadata__";
    private static final int MAX_TENSORS = 1 << 18;
    private static final int MAX_DIMENSIONS = 16;
    private static final int MAX_NAME = 1024;
    private static final int MAX_METADATA = 20_000_000;
    private static final String AGAIN = "; download the file again";

    /** Field names are not cached, since those of each file differ. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxNameLength(MAX_NAME)
                    .maxStringLength(MAX_METADATA)
                    .build())
            .build();

    private final JsonParser json;
    private final String where;
    private final Map<String, SafetensorsHeader.Entry> tensors = new LinkedHashMap<>();
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private boolean metadataSeen;

    private HeaderParser(JsonParser json, String where) {
        this.json = json;
        this.where = where;
    }

    /** Parses {@code length} bytes of UTF-8 JSON. */
    static HeaderParser parse(ReadableByteChannel file, long length, String where) throws IOException {
        Reader text = new InputStreamReader(
                new Head(file, length),
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        try (JsonParser json = FACTORY.createParser(text)) {
            HeaderParser parser = new HeaderParser(json, where);
            parser.header();
            return parser;
        } catch (JsonProcessingException e) {
            throw new InputException(
                    where + ": header is not valid JSON ("
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ")" + AGAIN,
                    e);
        } catch (CharacterCodingException e) {
            throw new InputException(where + ": header is not UTF-8" + AGAIN, e);
        }
    }

    Map<String, SafetensorsHeader.Entry> tensors() {
        return tensors;
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** Returns a name for error messages: control characters escaped, cut to 100 characters. */
    static String quoted(String name) {
        return Json.line(name.length() <= 100 ? name : name.substring(0, 97) + "...");
    }

    private void header() throws IOException {
        expect(JsonToken.START_OBJECT, where + ": header is not a JSON object");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            if (name.equals(METADATA)) {
                readMetadata();
                continue;
            }
            String tensor = where + ": tensor " + quoted(name);
            if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
                throw new InputException(tensor + " has no usable name" + AGAIN);
            }
            if (tensors.size() == MAX_TENSORS) {
                throw new InputException(where + ": more than " + MAX_TENSORS + " tensors" + AGAIN);
            }
            if (tensors.put(name, entry(tensor)) != null) {
                throw new InputException(tensor + " is listed twice" + AGAIN);
            }
        }
        if (json.nextToken() != null) {
            throw new InputException(where + ": header has trailing content" + AGAIN);
        }
    }

    private void readMetadata() throws IOException {
        if (metadataSeen) {
            throw new InputException(where + ": " + METADATA + " is listed twice" + AGAIN);
        }
        metadataSeen = true;
        String bad =
                where + ": " + METADATA + " must map names to texts, each once, " + MAX_METADATA + " characters in all";
        expect(JsonToken.START_OBJECT, bad);
        long characters = 0;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            expect(JsonToken.VALUE_STRING, bad);
            characters += name.length() + json.getTextLength();
            if (characters > MAX_METADATA
                    || metadata.size() == MAX_TENSORS
                    || metadata.put(name, json.getText()) != null) {
                throw new InputException(bad + AGAIN);
            }
        }
    }

    private SafetensorsHeader.Entry entry(String tensor) throws IOException {
        expect(JsonToken.START_OBJECT, tensor + " is not described by an object");
        SafetensorsDtype dtype = null;
        long[] shape = null;
        long[] places = null;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            boolean again = switch (field) {
                case "dtype" -> dtype != null;
                case "shape" -> shape != null;
                case "data_offsets" -> places != null;
                default -> throw new InputException(tensor + " has an unknown field " + quoted(field) + AGAIN);
            };
            if (again) {
                throw new InputException(tensor + " has \"" + field + "\" twice" + AGAIN);
            }
            switch (field) {
                case "dtype" -> dtype = dtype(tensor);
                case "shape" -> shape = numbers(tensor, field, MAX_DIMENSIONS);
                default -> places = numbers(tensor, field, 2);
            }
        }
        if (dtype == null || shape == null || places == null || places.length != 2) {
            throw new InputException(tensor + " lacks a dtype, a shape or two data_offsets" + AGAIN);
        }
        SafetensorsHeader.Entry entry = new SafetensorsHeader.Entry(dtype, shape, places[0], places[1]);
        try {
            if (entry.end() - entry.begin() != Math.multiplyExact(entry.elements(), dtype.bytes())) {
                throw new InputException(tensor + ": shape " + Arrays.toString(shape) + " of " + dtype
                        + " does not fill data_offsets " + Arrays.toString(places) + AGAIN);
            }
        } catch (ArithmeticException e) {
            throw new InputException(tensor + ": shape " + Arrays.toString(shape) + " is too large" + AGAIN, e);
        }
        return entry;
    }

    private SafetensorsDtype dtype(String tensor) throws IOException {
        expect(JsonToken.VALUE_STRING, tensor + " has a dtype that is not a text");
        String name = json.getText();
        return Arrays.stream(SafetensorsDtype.values())
                .filter(dtype -> dtype.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new InputException(tensor + " has unknown type " + quoted(name) + "; known: "
                        + List.of(SafetensorsDtype.values()) + "; convert the checkpoint to one of these"));
    }

    /** Reads whole numbers from 0 to the largest long. */
    private long[] numbers(String tensor, String field, int most) throws IOException {
        String bad = tensor + ": \"" + field + "\" must be a list of at most " + most + " whole numbers from 0";
        expect(JsonToken.START_ARRAY, bad);
        long[] numbers = new long[most];
        int count = 0;
        while (json.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            boolean small = json.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
            if (count == most || !small || json.getLongValue() < 0) {
                throw new InputException(bad + AGAIN);
            }
            numbers[count++] = json.getLongValue();
        }
        if (!json.hasToken(JsonToken.END_ARRAY)) {
            throw new InputException(bad + AGAIN);
        }
        return Arrays.copyOf(numbers, count);
    }

    private void expect(JsonToken token, String otherwise) throws IOException {
        if (json.nextToken() != token) {
            throw new InputException(otherwise + AGAIN);
        }
    }

    /** A stream of the next bytes of a channel. */
    private static final class Head extends InputStream {
        private final ReadableByteChannel file;
        private long left;

        Head(ReadableByteChannel file, long length) {
            this.file = file;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            int count = left == 0 ? -1 : file.read(ByteBuffer.wrap(into, offset, (int) Math.min(length, left)));
            left -= Math.max(0, count);
            return count;
        }
    }
}
