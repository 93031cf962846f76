package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * Makes one JSON object of each record. A missing value is null. A float32 becomes the shortest decimal number that it
 * stands for (0.1f is 0.1), as in the table it was written from. Lists are read by the rules of Parquet's specification
 * (LogicalTypes.md, backward compatibility included).
 */
final class ParquetRecord extends RecordMaterializer<JsonNode> {
    /** Values of one row; a short file can state long runs of the same value. */
    static final int MOST_VALUES = 1_000_000;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final GroupConverter root;
    private JsonNode current;
    private int values;

    ParquetRecord(MessageType schema) {
        root = new Struct(schema, node -> current = node) {
            @Override
            public void start() {
                values = 0;
                super.start();
            }
        };
    }

    @Override
    public JsonNode getCurrentRecord() {
        return current;
    }

    @Override
    public GroupConverter getRootConverter() {
        return root;
    }

    private void count() {
        values++;
        if (values > MOST_VALUES) {
            throw new FileRow.Problem("has more than " + MOST_VALUES + " values in one row");
        }
    }

    private Converter converter(Type type, Consumer<JsonNode> sink) {
        if (type.isPrimitive()) {
            return new Value(sink);
        }
        GroupType group = type.asGroupType();
        boolean list = group.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation
                && group.getFieldCount() == 1
                && group.getType(0).isRepetition(Repetition.REPEATED);
        return list ? new ListOf(group.getType(0), group.getName(), sink) : new Struct(group, sink);
    }

    /** An object, whose fields are null until they are set. */
    private class Struct extends GroupConverter {
        private final List<String> names;
        private final List<Boolean> repeated;
        private final List<Converter> fields;
        private final Consumer<JsonNode> sink;
        private ObjectNode node;

        Struct(GroupType type, Consumer<JsonNode> sink) {
            this.sink = sink;
            names = type.getFields().stream().map(Type::getName).toList();
            repeated = type.getFields().stream()
                    .map(field -> field.isRepetition(Repetition.REPEATED))
                    .toList();
            fields = type.getFields().stream()
                    .map(field -> converter(
                            field,
                            field.isRepetition(Repetition.REPEATED)
                                    ? value -> node.withArray("/" + field.getName())
                                            .add(value)
                                    : value -> node.set(field.getName(), value)))
                    .toList();
        }

        @Override
        public Converter getConverter(int field) {
            return fields.get(field);
        }

        @Override
        public void start() {
            count();
            node = NODES.objectNode();
            for (int i = 0; i < names.size(); i++) {
                node.set(names.get(i), repeated.get(i) ? NODES.arrayNode() : NullNode.instance);
            }
        }

        @Override
        public void end() {
            sink.accept(node);
        }
    }

    /** A list: its elements are the repeated field itself, or the one field in it. */
    private final class ListOf extends GroupConverter {
        private final Converter element;
        private final Consumer<JsonNode> sink;
        private ArrayNode array;

        ListOf(Type repeated, String name, Consumer<JsonNode> sink) {
            this.sink = sink;
            boolean itself = repeated.isPrimitive()
                    || repeated.asGroupType().getFieldCount() > 1
                    || repeated.getName().equals("array")
                    || repeated.getName().equals(name + "_tuple");
            element = itself
                    ? converter(repeated, value -> array.add(value))
                    : new Wrapped(repeated.asGroupType().getType(0), value -> array.add(value));
        }

        @Override
        public Converter getConverter(int field) {
            return element;
        }

        @Override
        public void start() {
            count();
            array = NODES.arrayNode();
        }

        @Override
        public void end() {
            sink.accept(array);
        }
    }

    /** The group around an element, which may be missing. */
    private final class Wrapped extends GroupConverter {
        private final Converter element;
        private final Consumer<JsonNode> sink;
        private JsonNode value;

        Wrapped(Type element, Consumer<JsonNode> sink) {
            this.element = converter(element, read -> value = read);
            this.sink = sink;
        }

        @Override
        public Converter getConverter(int field) {
            return element;
        }

        @Override
        public void start() {
            count();
            value = NullNode.instance;
        }

        @Override
        public void end() {
            sink.accept(value);
        }
    }

    private final class Value extends PrimitiveConverter {
        private final Consumer<JsonNode> sink;

        Value(Consumer<JsonNode> sink) {
            this.sink = sink;
        }

        private void add(JsonNode value) {
            count();
            sink.accept(value);
        }

        @Override
        public void addBinary(Binary text) {
            add(TextNode.valueOf(text.toStringUsingUTF8()));
        }

        @Override
        public void addBoolean(boolean value) {
            add(BooleanNode.valueOf(value));
        }

        @Override
        public void addDouble(double value) {
            add(DoubleNode.valueOf(value));
        }

        @Override
        public void addFloat(float value) {
            add(DoubleNode.valueOf(Double.parseDouble(Float.toString(value))));
        }

        @Override
        public void addInt(int value) {
            add(LongNode.valueOf(value));
        }

        @Override
        public void addLong(long value) {
            add(LongNode.valueOf(value));
        }
    }
}
