package org.videotg.training.tensorboard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.videotg.core.io.AppendedFile;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;
import org.videotg.training.trainer.RolloutGroup;

/**
 * An event file of TensorBoard in a folder of such files. Each start of a run adds one, whose first events say from which
 * step on it replaces the earlier ones; a resumed run so shows each step once. A record is framed as TFRecord: length,
 * masked CRC32C of the length, data, masked CRC32C of the data.
 */
public final class TensorBoardLog implements AutoCloseable {
    private static final String STEP = "step";
    private static final List<String> HEAD = List.of("sample", "query", "annotation", "reward", "reply");
    private static final int MASK = 0xa282ead8;

    private final AppendedFile file;
    private final Clock clock;

    /**
     * Begins a file.
     *
     * @param firstStep that is written
     */
    public TensorBoardLog(Path folder, long firstStep, Clock clock) {
        this.clock = clock;
        // Files are read in the order of their names.
        this.file = new AppendedFile(folder.resolve(String.format(
                Locale.ROOT, "events.out.tfevents.%010d.videotg.%05d", clock.millis() / 1000, files(folder))));
        write(Event.version(now()));
        write(Event.start(now(), firstStep));
    }

    private static long files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> found = Files.list(folder)) {
            return found.count();
        } catch (IOException e) {
            throw new InputException("can't list " + folder + "; check the folder", e);
        }
    }

    private double now() {
        return clock.millis() / 1e3;
    }

    /** Adds the numbers of a row of metrics, under their names. */
    public void scalars(long step, Map<String, Object> row) {
        Map<String, Double> values = new LinkedHashMap<>();
        row.forEach((name, value) -> {
            if (value instanceof Number number && !name.equals(STEP)) {
                values.put(name, number.doubleValue());
            }
        });
        write(Event.scalars(now(), step, values));
    }

    /** Adds replies as a table and as a picture of their intervals under those of the annotation. */
    public void rollouts(long step, List<RolloutGroup> groups) {
        List<List<String>> rows = new ArrayList<>(List.of(HEAD));
        for (RolloutGroup group : groups) {
            for (RolloutGroup.Rollout rollout : group.rollouts()) {
                rows.add(List.of(
                        group.id(),
                        group.query(),
                        seconds(group.intervals()),
                        String.format(Locale.ROOT, "%.3f", rollout.reward()),
                        rollout.reply()));
            }
        }
        write(Event.table(now(), step, "replies", rows));
        write(Event.picture(now(), step, "moments", TimelinePicture.draw(groups)));
    }

    private static String seconds(List<Interval> intervals) {
        return intervals.stream()
                .map(interval -> String.format(Locale.ROOT, "%.1f to %.1f s", interval.start(), interval.end()))
                .collect(Collectors.joining(", "));
    }

    private void write(byte[] event) {
        byte[] length = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(event.length)
                .array();
        file.append(ByteBuffer.allocate(length.length + event.length + 2 * Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(length)
                .putInt(masked(length))
                .put(event)
                .putInt(masked(event))
                .array());
    }

    /** A checksum that is not that of data which hold their own checksum. */
    private static int masked(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        return Integer.rotateRight((int) checksum.getValue(), 15) + MASK;
    }

    /** Forces all events to the medium. */
    public void force() {
        file.force();
    }

    @Override
    public void close() {
        file.close();
    }
}
