package org.videotg.app.watch;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.RunManifest;
import org.videotg.training.run.RunFolder;
import org.videotg.training.trainer.RolloutGroup;

/** A training run whose files are looked at while it may be writing them. */
final class WatchedRun {
    /** Steps over which the time of a step is averaged. */
    private static final int RECENT = 20;

    private static final int ROLLOUT_BYTES = 1 << 20;
    private static final int ROLLOUT_STEPS = 5;

    /** Validations that are told each time. */
    private static final int VALIDATIONS = 1000;

    private final int id;
    private final String name;
    private final RunFolder folder;
    private final GrowingRows metrics;
    private final GrowingRows validations;
    private JsonNode manifest = Json.MAPPER.createObjectNode();
    private FileTime manifestTime = FileTime.fromMillis(0);

    /** @param name as it is shown */
    WatchedRun(int id, String name, RunFolder folder) {
        this.id = id;
        this.name = name;
        this.folder = folder;
        this.metrics = new GrowingRows(folder.metrics());
        this.validations = new GrowingRows(folder.validation());
    }

    int id() {
        return id;
    }

    Path path() {
        return folder.path();
    }

    /**
     * What a page knows of a run's rows.
     *
     * @param generation see {@link GrowingRows#generation}
     * @param rows that it has
     */
    record Known(int generation, int rows) {
        static final Known NOTHING = new Known(-1, 0);
    }

    /** What a page is told: how the run stands, and the rows that it does not have. */
    record Changes(Map<String, Object> told, int rows, boolean complete) {}

    /**
     * Reads what the run has written.
     *
     * @param most rows to tell
     */
    Changes changes(Known known, int most, Clock clock) {
        metrics.refresh();
        validations.refresh();
        refreshManifest();
        int all = metrics.rows().size();
        int from = known.generation() == metrics.generation() && known.rows() <= all ? known.rows() : 0;
        int to = Math.min(all, from + most);
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", id);
        told.put("name", name);
        told.put("folder", folder.path().toString());
        told.put("method", manifest.path("recipe").path("method").asText(""));
        told.put("steps", manifest.path("notes").path("steps").asLong(0));
        told.put("finished", Files.exists(folder.compute()));
        told.put("age", age(clock));
        told.put("stepSeconds", stepSeconds());
        told.put("damaged", metrics.damaged());
        told.put("rollouts", Files.exists(folder.rollouts()));
        told.put("validations", validations());
        told.put("generation", metrics.generation());
        told.put("from", from);
        told.put("columns", metrics.columns());
        told.put(
                "rows",
                metrics.rows().subList(from, to).stream()
                        .map(WatchedRun::short32)
                        .toList());
        return new Changes(told, to - from, to == all);
    }

    /** The step and the mIoU of the last validations. */
    private List<List<Float>> validations() {
        int from = Math.max(0, validations.rows().size() - VALIDATIONS);
        double[] steps = validations.values("step", from);
        double[] scores = validations.values("mIoU", from);
        return IntStream.range(0, steps.length)
                .mapToObj(i -> short32(new double[] {steps[i], scores[i]}))
                .toList();
    }

    /** Seven digits are enough for a picture; JSON has no NaN. */
    private static List<Float> short32(double[] row) {
        return DoubleStream.of(row)
                .mapToObj(value -> Double.isFinite(value) ? Float.valueOf((float) value) : null)
                .map(value -> value == null || value.isInfinite() ? null : value)
                .collect(ArrayList::new, ArrayList::add, ArrayList::addAll);
    }

    private void refreshManifest() {
        Path file = folder.path().resolve(RunManifest.FILE);
        try {
            FileTime time = Files.getLastModifiedTime(file);
            if (!time.equals(manifestTime)) {
                manifest = Json.read(file);
                manifestTime = time;
            }
        } catch (IOException | InputException e) {
            // It is not there yet, or is no manifest; the page then does not tell what it says.
        }
    }

    /** Seconds since the run wrote a step; -1 if it has not. */
    private double age(Clock clock) {
        try {
            return Math.max(
                            0,
                            clock.millis()
                                    - Files.getLastModifiedTime(folder.metrics())
                                            .toMillis())
                    / 1e3;
        } catch (IOException e) {
            return -1;
        }
    }

    /** Seconds that a step has taken lately; 0 if that is not known. */
    private double stepSeconds() {
        double[] seconds = metrics.values("seconds", metrics.rows().size() - RECENT - 1);
        double spent = seconds.length < 2 ? 0 : seconds[seconds.length - 1] - seconds[0];
        return spent > 0 ? spent / (seconds.length - 1) : 0;
    }

    /** The rollouts of one step. */
    record Rollouts(long step, List<RolloutGroup> groups) {
        Rollouts {
            groups = List.copyOf(groups);
        }
    }

    /** Returns the rollouts of the last steps, the last step first. Rows that can't be read are left out. */
    List<Rollouts> rollouts() {
        List<Rollouts> found = new ArrayList<>();
        for (String line : lastLines(folder.rollouts())) {
            try {
                found.add(Json.convert(Json.parse(line, "a row"), Rollouts.class, "a row"));
            } catch (InputException e) {
                // Torn or damaged.
            }
        }
        Collections.reverse(found);
        return found.subList(0, Math.min(ROLLOUT_STEPS, found.size()));
    }

    /** The whole lines in the last part of a file; none if it can't be read. */
    private static List<String> lastLines(Path file) {
        try (FileChannel channel = FileChannel.open(file)) {
            long from = Math.max(0, channel.size() - ROLLOUT_BYTES);
            byte[] bytes = GrowingRows.bytes(channel, from, (int) (channel.size() - from));
            String text = new String(bytes, StandardCharsets.UTF_8);
            int start = from == 0 ? 0 : text.indexOf('\n') + 1;
            int end = text.lastIndexOf('\n') + 1;
            return start >= end
                    ? List.of()
                    : text.substring(start, end)
                            .lines()
                            .filter(line -> !line.isBlank())
                            .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
