package org.videotg.app.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * The numbers in the rows of a {@code metrics.jsonl} that a run is writing, read as the file grows. The file may be
 * missing, end within a row, and be cut or replaced when the run is resumed: reading goes on behind the last row that
 * was read if that row is still in its place, and begins anew otherwise. Rows that can't be read are counted.
 */
final class GrowingRows {
    private static final String STEP = "step";
    private static final int CHUNK = 1 << 20;
    private static final int MOST_COLUMNS = 100;
    private static final int MOST_ROWS = 1_000_000;

    private final Path file;
    private final List<String> columns = new ArrayList<>();
    private final List<double[]> rows = new ArrayList<>();
    private int generation;
    private int damaged;
    private long read;
    private byte[] lastLine = new byte[0];

    GrowingRows(Path file) {
        this.file = file;
    }

    /** Returns the names of all numbers, the step first. */
    List<String> columns() {
        return columns;
    }

    /** Returns the rows, each with a number for the first columns, NaN where it has none; steps rise. */
    List<double[]> rows() {
        return rows;
    }

    /** Returns a number that changes when rows are not what they were, further ones aside. */
    int generation() {
        return generation;
    }

    /** Returns how many lines could not be read. */
    int damaged() {
        return damaged;
    }

    /** Returns the numbers of a column, NaN where a row has none. */
    double[] values(String column, int fromRow) {
        int at = columns.indexOf(column);
        return rows.stream()
                .skip(Math.max(0, fromRow))
                .mapToDouble(row -> at >= 0 && at < row.length ? row[at] : Double.NaN)
                .toArray();
    }

    /** Reads what has been added. */
    void refresh() {
        try (FileChannel channel = FileChannel.open(file)) {
            if (channel.size() < read
                    || !Arrays.equals(lastLine, bytes(channel, read - lastLine.length, lastLine.length))) {
                restart();
            }
            while (readLines(channel)) {
                // The next chunk.
            }
        } catch (NoSuchFileException e) {
            if (read > 0) {
                restart();
            }
        } catch (IOException e) {
            // It is being replaced, perhaps; the next time it can be read.
        }
    }

    private void restart() {
        generation++;
        rows.clear();
        columns.clear();
        damaged = 0;
        read = 0;
        lastLine = new byte[0];
    }

    /** Reads the whole lines of one chunk; returns whether there may be more. */
    private boolean readLines(FileChannel channel) throws IOException {
        byte[] chunk = bytes(channel, read, (int) Math.min(CHUNK, channel.size() - read));
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                lastLine = Arrays.copyOfRange(chunk, start, i + 1);
                add(new String(lastLine, StandardCharsets.UTF_8).strip());
                start = i + 1;
            }
        }
        if (start == 0 && chunk.length == CHUNK) {
            // No row is that long.
            damaged++;
            lastLine = chunk;
            start = CHUNK;
        }
        read += start;
        return start > 0;
    }

    /** Reads a part of a file, or what there is of it. */
    static byte[] bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && channel.read(buffer, from + buffer.position()) >= 0) {
            // Until it is full, or the file has been cut.
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void add(String line) {
        if (line.isEmpty()) {
            return;
        }
        JsonNode node;
        try {
            node = Json.parse(line, "a row");
        } catch (InputException e) {
            damaged++;
            return;
        }
        JsonNode step = node.path(STEP);
        if (!step.isNumber() || step.asDouble() < 0 || rows.size() >= MOST_ROWS) {
            damaged++;
            return;
        }
        if (columns.isEmpty()) {
            columns.add(STEP);
        }
        if (!rows.isEmpty() && step.asDouble() <= rows.get(rows.size() - 1)[0]) {
            // A step that was trained again.
            rows.removeIf(row -> row[0] >= step.asDouble());
            generation++;
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (node.path(name).isNumber() && !columns.contains(name) && columns.size() < MOST_COLUMNS) {
                columns.add(name);
            }
        }
        rows.add(columns.stream()
                .mapToDouble(
                        name -> node.path(name).isNumber() ? node.path(name).asDouble() : Double.NaN)
                .toArray());
    }
}
