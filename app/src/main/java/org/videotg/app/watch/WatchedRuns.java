package org.videotg.app.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.training.run.RunFolder;

/**
 * The training runs in given folders: a run's own folder, or one that has runs below it, as a project's has. Folders
 * and runs may appear later.
 */
public final class WatchedRuns {
    private static final int DEPTH = 6;
    private static final int MOST_RUNS = 100;
    /** Files and folders that are looked at, so that a folder of something else is soon done with. */
    private static final int MOST_ENTRIES = 20_000;

    private static final long PAUSE_MILLIS = 2000;
    /** Rows in one answer. */
    private static final int MOST_ROWS = 20_000;
    /** Folders of a run or a project that hold many files and no training. */
    private static final Set<String> WITHOUT_RUNS = Set.of(
            "agents", "checkpoints", "eval", "features", "logs", "model", "report", "selections", "snapshots", "world");

    private final List<Path> roots;
    private final Clock clock;
    private final Map<Path, WatchedRun> runs = new LinkedHashMap<>();
    private long looked;
    private int entries;

    /** @throws InputException if one of the roots is a file */
    public WatchedRuns(List<Path> roots, Clock clock) {
        this.roots =
                roots.stream().map(root -> root.toAbsolutePath().normalize()).toList();
        this.clock = clock;
        this.roots.stream().filter(Files::isRegularFile).findFirst().ifPresent(file -> {
            throw new InputException(file + " is a file; give the folder of a run or of a project");
        });
    }

    /** Returns those folders that are not there yet. */
    public List<Path> missing() {
        return roots.stream().filter(root -> !Files.exists(root)).toList();
    }

    /** Looks for runs, if that was not just done, and returns how many are known. */
    public synchronized int find() {
        if (clock.millis() - looked >= PAUSE_MILLIS) {
            entries = 0;
            roots.forEach(root -> find(root, root, 0));
            looked = clock.millis();
        }
        return runs.size();
    }

    private void find(Path root, Path folder, int depth) {
        RunFolder run = new RunFolder(folder);
        if (Files.isRegularFile(run.metrics())) {
            if (runs.size() < MOST_RUNS) {
                runs.computeIfAbsent(folder, path -> new WatchedRun(runs.size(), name(root, path), run));
            }
        } else if (depth < DEPTH) {
            below(folder).forEach(child -> find(root, child, depth + 1));
        }
    }

    private List<Path> below(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return found.limit(Math.max(0, MOST_ENTRIES - entries))
                    .peek(entry -> entries++)
                    .filter(Files::isDirectory)
                    .filter(path -> !WITHOUT_RUNS.contains(path.getFileName().toString()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            // It is not there, or not anymore.
            return List.of();
        }
    }

    private String name(Path root, Path run) {
        String relative = root.relativize(run).toString().replace('\\', '/').replaceFirst("^arms/|(?<=/)arms/", "");
        String base = root.getFileName() == null
                ? root.toString()
                : root.getFileName().toString();
        return relative.isEmpty() ? base : roots.size() == 1 ? relative : base + "/" + relative;
    }

    /**
     * Returns how the runs stand, and the rows that a page does not have. If {@code more} is true there are further
     * ones.
     *
     * @param known rows by the id of a run
     */
    synchronized Map<String, Object> changes(Map<Integer, WatchedRun.Known> known) {
        find();
        List<Map<String, Object>> told = new ArrayList<>();
        int left = MOST_ROWS;
        boolean more = false;
        for (WatchedRun run : runs.values()) {
            WatchedRun.Changes changes =
                    run.changes(known.getOrDefault(run.id(), WatchedRun.Known.NOTHING), left, clock);
            told.add(changes.told());
            left -= changes.rows();
            more |= !changes.complete();
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("folders", roots.stream().map(Path::toString).toList());
        all.put("more", more);
        all.put("runs", told);
        return all;
    }

    /** Returns the rollouts of a run's last steps; empty if there is no such run. */
    synchronized Optional<List<WatchedRun.Rollouts>> rollouts(int id) {
        return runs.values().stream().filter(run -> run.id() == id).findFirst().map(WatchedRun::rollouts);
    }
}
