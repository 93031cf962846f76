package org.videotg.core.run;

import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.LoggerFactory;

/**
 * Reports done and total, rate and the time left, one line at most every two seconds, and a last one at the end. The
 * rate is that of this run: what an earlier run has done counts as done, not as speed. Several threads may report
 * steps.
 */
public final class Progress {
    private static final long INTERVAL_NANOS = 2_000_000_000L;

    /** The reporter that is in use, for {@link #position}. */
    private static volatile Progress running;

    private final String label;
    private final long total;
    private final Consumer<String> out;
    private final LongSupplier nanos;
    private final long start;
    private long printed;
    private long done;
    private long worked;
    private boolean current = true;

    /**
     * A reporter.
     *
     * @param label what is being done
     * @param total steps, or 0 if unknown
     * @param out takes the lines; null for silence
     * @param nanos a clock in nanoseconds
     */
    public Progress(String label, long total, Consumer<String> out, LongSupplier nanos) {
        this.label = label;
        this.total = total;
        this.out = out;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.printed = start;
    }

    /** Returns a reporter that logs its lines. */
    public static Progress logged(String label, long total) {
        running = new Progress(label, total, LoggerFactory.getLogger(Progress.class)::info, System::nanoTime);
        return running;
    }

    /** Where the work stands, such as " at reflect: 3/10"; empty if nothing reports its progress. */
    static String position() {
        Progress progress = running;
        return progress == null ? "" : " at " + progress.count();
    }

    /** Prints nothing. */
    public static Progress silent() {
        return new Progress("", 0, null, () -> 0);
    }

    /** One step that was done by an earlier run. */
    public synchronized void skip() {
        done++;
        current = false;
    }

    /** One step is done; {@code note} stands at the end of the line (may be empty). */
    public synchronized void step(String note) {
        done++;
        worked++;
        current = false;
        if (out != null && nanos.getAsLong() - printed >= INTERVAL_NANOS) {
            print(note);
        }
    }

    /** Prints the last line, unless it was printed already. */
    public void finish(String note) {
        running = running == this ? null : running;
        if (out != null && !current) {
            print(note);
        }
    }

    private void print(String note) {
        long now = nanos.getAsLong();
        out.accept(line(now - start) + (note.isEmpty() ? "" : "  " + note));
        printed = now;
        current = true;
    }

    private String line(long elapsedNanos) {
        double seconds = elapsedNanos / 1e9;
        StringBuilder line = new StringBuilder(count());
        if (worked > 0 && seconds > 0) {
            double rate = worked / seconds;
            line.append(String.format(Locale.ROOT, rate >= 1 ? ", %.1f/s" : ", %.3f/s", rate));
            if (total > done) {
                line.append(", ")
                        .append(duration(Math.round((total - done) / rate)))
                        .append(" left");
            }
        }
        return line.toString();
    }

    private String count() {
        return label + ": " + done + (total > 0 ? "/" + total : "");
    }

    /** Whole seconds as {@code 45s}, {@code 3m05s} or {@code 2h07m}. */
    static String duration(long seconds) {
        if (seconds < 60) {
            return seconds + "s";
        }
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%dm%02ds", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%dh%02dm", seconds / 3600, seconds % 3600 / 60);
    }
}
