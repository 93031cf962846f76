package org.videotg.benchmarks.annotation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.videotg.core.io.InputException;

/**
 * The rows of a Parquet file as JSON objects, as if the same table had been written as JSON lines. Columns of bytes
 * (embedded videos and images), maps and 96-bit times are not read.
 */
final class ParquetRows {
    /** Rows of a file. */
    static final long MOST_ROWS = 5_000_000;
    /** Bytes of the columns that are read, decompressed, as the file states them. */
    private static final long MOST_BYTES = 2L << 30;

    private static final int DEEPEST = 16;
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

    private ParquetRows() {}

    /** Whether a file starts as Parquet files do. */
    static boolean isParquet(Path path) {
        if (!Files.isRegularFile(path)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(path)) {
            return Arrays.equals(in.readNBytes(MAGIC.length), MAGIC);
        } catch (IOException e) {
            throw unreadable(path, e);
        }
    }

    /**
     * Reads a file.
     *
     * @throws InputException if the file is broken, or larger or nested deeper than this class reads
     */
    static FileRows read(Path path) {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new ParquetCodecs())
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(path), options)) {
            MessageType schema = readable(reader.getFileMetaData().getSchema());
            check(reader.getRowGroups(), schema);
            reader.setRequestedSchema(schema);
            MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
            List<FileRow> rows = new ArrayList<>();
            for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                ParquetRecord record = new ParquetRecord(schema);
                RecordReader<JsonNode> records = columns.getRecordReader(group, record);
                for (long i = 0; i < group.getRowCount(); i++) {
                    rows.add(new FileRow(path + ": row " + (rows.size() + 1), null, records.read(), null));
                }
            }
            return new FileRows(path.toString(), FileRows.Shape.RECORDS, rows, List.of(), false);
        } catch (FileRow.Problem e) {
            throw new InputException(path + ": " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new InputException(
                    path + ": its columns are nested too deep; at most " + DEEPEST + " levels are read", e);
        } catch (IOException | RuntimeException e) {
            // The library throws a dozen kinds of RuntimeException for broken files.
            throw unreadable(path, e);
        }
    }

    private static InputException unreadable(Path path, Exception e) {
        return new InputException(
                path + ": not a Parquet file that can be read (" + e.getMessage()
                        + "); check that it was downloaded whole, or write it as JSON lines",
                e);
    }

    private static void check(List<BlockMetaData> groups, MessageType schema) {
        long rows = 0;
        long bytes = 0;
        for (BlockMetaData group : groups) {
            rows = Math.addExact(rows, group.getRowCount());
            for (ColumnChunkMetaData column : group.getColumns()) {
                if (schema.containsPath(column.getPath().toArray())) {
                    bytes = Math.addExact(bytes, column.getTotalUncompressedSize());
                }
            }
        }
        if (rows > MOST_ROWS) {
            throw new FileRow.Problem("has " + rows + " rows; at most " + MOST_ROWS + " are read");
        }
        if (bytes > MOST_BYTES) {
            throw new FileRow.Problem("has " + bytes + " bytes in the columns to read; at most " + MOST_BYTES
                    + " are read: split the file");
        }
    }

    private static MessageType readable(MessageType schema) {
        List<Type> fields = schema.getFields().stream()
                .flatMap(field -> readable(field, 1).stream())
                .toList();
        if (fields.isEmpty()) {
            throw new FileRow.Problem("has no column of texts, numbers or lists");
        }
        return new MessageType(schema.getName(), fields);
    }

    /** The type without the parts that are not read; empty if nothing is left. */
    private static Optional<Type> readable(Type type, int depth) {
        if (depth > DEEPEST) {
            throw new FileRow.Problem("its columns are nested too deep; at most " + DEEPEST + " levels are read");
        }
        if (type.isPrimitive()) {
            return Optional.of(type).filter(any -> isValue(type.asPrimitiveType()));
        }
        GroupType group = type.asGroupType();
        if (group.getLogicalTypeAnnotation() instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation) {
            return Optional.empty();
        }
        List<Type> fields = group.getFields().stream()
                .flatMap(field -> readable(field, depth + 1).stream())
                .toList();
        return fields.isEmpty() ? Optional.empty() : Optional.of(group.withNewFields(fields));
    }

    private static boolean isValue(PrimitiveType type) {
        LogicalTypeAnnotation meaning = type.getLogicalTypeAnnotation();
        boolean text = meaning instanceof LogicalTypeAnnotation.StringLogicalTypeAnnotation
                || meaning instanceof LogicalTypeAnnotation.JsonLogicalTypeAnnotation
                || meaning instanceof LogicalTypeAnnotation.EnumLogicalTypeAnnotation;
        boolean number = Stream.of(
                        PrimitiveTypeName.INT32,
                        PrimitiveTypeName.INT64,
                        PrimitiveTypeName.FLOAT,
                        PrimitiveTypeName.DOUBLE,
                        PrimitiveTypeName.BOOLEAN)
                .anyMatch(type.getPrimitiveTypeName()::equals);
        return type.getPrimitiveTypeName() == PrimitiveTypeName.BINARY
                ? text
                : number && !(meaning instanceof LogicalTypeAnnotation.DecimalLogicalTypeAnnotation);
    }
}
