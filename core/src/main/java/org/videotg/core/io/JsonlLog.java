package org.videotg.core.io;

import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of one JSON object a line that a run appends to. A row is forced to the medium as it is appended, unless the
 * last one was forced less than 100 ms ago; {@link #force} and {@link #close} force the rest. So
 * rows that take a model some time are never lost, and rows that take none are not slowed down. Each row gets a checksum,
 * which {@link Jsonl#read} checks. Used by one thread.
 */
public final class JsonlLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JsonlLog.class);

    private final Path file;
    private final List<Jsonl.Row> found;
    private final AppendedFile out;

    private JsonlLog(Path file, List<Jsonl.Row> found) {
        this.file = file;
        this.found = found;
        this.out = new AppendedFile(file);
    }

    /** Opens a file that may not exist yet, after {@link #recover recovering} it. */
    public static JsonlLog open(Path file) {
        return new JsonlLog(file, recover(file));
    }

    /**
     * Returns the rows of a file that a run appends to, after cutting off it what a kill or a power failure leaves: a
     * last line that is no whole object, and lines with NUL bytes. A whole last line without its line end gets one.
     *
     * @throws InputException naming file and line of any other row that is not a JSON object
     */
    public static List<Jsonl.Row> recover(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        cutDamagedEnd(file);
        try {
            return Jsonl.read(file);
        } catch (InputException e) {
            throw new InputException(e.getMessage() + "; remove this line, and what it said is made again", e);
        }
    }

    /**
     * Returns the rows of a log that no result depends on, after recovering it and removing every other row that is
     * damaged, each with a warning.
     */
    public static List<Jsonl.Row> salvage(Path file) {
        if (!Files.exists(file)) {
            return List.of();
        }
        cutDamagedEnd(file);
        List<Jsonl.Row> rows = new ArrayList<>();
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] bytes = AtomicFiles.readBytes(file);
        int number = 0;
        for (int start = 0, end; start < bytes.length; start = end) {
            end = start + 1;
            while (end < bytes.length && bytes[end - 1] != '\n') {
                end++;
            }
            number++;
            String where = file + ":" + number;
            try {
                String line = text(bytes, start, end, where);
                if (!line.isEmpty()) {
                    rows.add(Jsonl.parse(line, where));
                }
                kept.write(bytes, start, end - start);
            } catch (InputException e) {
                LOG.warn("{}; the row is removed", e.getMessage());
            }
        }
        if (kept.size() < bytes.length) {
            AtomicFiles.write(file, temporary -> Files.write(temporary, kept.toByteArray()));
        }
        return rows;
    }

    private static String text(byte[] bytes, int start, int end, String where) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString();
            return (text.startsWith("\uFEFF") ? text.substring(1) : text).stripTrailing();
        } catch (CharacterCodingException e) {
            throw new InputException(where + ": not UTF-8 text", e);
        }
    }

    private static void cutDamagedEnd(Path file) {
        byte[] bytes = AtomicFiles.readBytes(file);
        byte[] kept = whole(bytes);
        if (!Arrays.equals(bytes, kept)) {
            if (kept.length < bytes.length) {
                LOG.info("note: {}: cut off a damaged end that a stopped run had left", file);
            }
            AtomicFiles.write(file, temporary -> Files.write(temporary, kept));
        }
    }

    private static byte[] whole(byte[] bytes) {
        byte[] kept = new byte[bytes.length + 1];
        int length = 0;
        for (int start = 0; start < bytes.length; ) {
            int end = start;
            boolean damaged = false;
            while (end < bytes.length && bytes[end] != '\n') {
                damaged |= bytes[end++] == 0;
            }
            boolean last = end == bytes.length;
            if (!damaged && !(last && !isObject(bytes, start))) {
                System.arraycopy(bytes, start, kept, length, end - start);
                length += end - start;
                kept[length++] = '\n';
            }
            start = end + 1;
        }
        return Arrays.copyOf(kept, length);
    }

    private static boolean isObject(byte[] bytes, int from) {
        try {
            return Json.MAPPER.readTree(bytes, from, bytes.length - from).isObject();
        } catch (StreamConstraintsException e) {
            // Whole, but beyond a limit, which the reader names.
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the rows that the file had when it was opened. */
    public List<Jsonl.Row> rows() {
        return found;
    }

    /**
     * Appends a row. If that fails, nothing of the row stays in the file.
     *
     * @throws OutputException if it can't be written, or the file has been removed since it was opened
     */
    public void append(Object row) {
        appendLine(Jsonl.checkedLine(row));
        out.forceAtIntervals();
    }

    /** Appends a row without a checksum, to a file that people edit. */
    public void appendEditable(Object row) {
        appendLine(Json.line(row));
        out.forceAtIntervals();
    }

    /** Appends a row that need not outlast a power failure before {@link #force} is called. */
    public void appendUnforced(Object row) {
        appendLine(Jsonl.checkedLine(row));
    }

    private void appendLine(String line) {
        out.append((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Forces all rows to the medium. */
    public void force() {
        out.force();
    }

    /** Replaces all rows. */
    public void rewrite(Iterable<?> rows) {
        close();
        write(file, rows);
    }

    /** Writes all rows of a file, or leaves what was there. */
    public static void write(Path file, Iterable<?> rows) {
        Jsonl.write(file, rows, Jsonl::checkedLine);
    }

    /** Forces all rows to the medium and closes the file; the next {@link #append} opens it again. */
    @Override
    public void close() {
        out.close();
    }
}
