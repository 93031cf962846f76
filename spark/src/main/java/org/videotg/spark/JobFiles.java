package org.videotg.spark;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;

/**
 * The files of a job, in any file system that Spark knows. Each appears whole, by being renamed, so that attempts of a
 * task that was lost, or runs twice, leave one file.
 */
final class JobFiles {
    static final String JOB = "job.json";
    static final String REFLECTIONS = "reflections.jsonl";
    static final String DIFFICULTY = "difficulty.jsonl";
    static final String SELECTED = "selected.jsonl";
    static final String PENDING = "pending.jsonl";
    static final String REPORT = "report.json";

    /** What is deleted when the results are there. */
    static final String WORK = "work";

    private static final String ORDER = WORK + "/order.json";

    private final Path folder;

    JobFiles(CurationJob job) {
        this.folder = new Path(job.out());
    }

    /** Made once, since reading it takes far longer than a small file. */
    private static final class Held {
        private static final Configuration CONFIGURATION =
                SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
    }

    /** The configuration of file systems in this process, a driver or an executor. */
    static Configuration configuration() {
        return Held.CONFIGURATION;
    }

    /** The file that says that all samples lie in order. */
    static String order() {
        return ORDER;
    }

    /** The samples of a block, in their order. */
    static String samples(String block) {
        return WORK + "/samples/" + block;
    }

    /** The verdicts on the samples of a block. */
    static String verdicts(String block) {
        return WORK + "/verdicts/" + block;
    }

    Path path(String name) {
        return new Path(folder, name);
    }

    boolean exists(String name) {
        try {
            return system().exists(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes lines under a name. If another attempt was first, what it has written stays. */
    void commit(String name, Iterator<String> lines) {
        try {
            FileSystem system = system();
            Path target = path(name);
            Path temporary = new Path(target.getParent(), "." + target.getName() + "." + attempt() + ".partial");
            try (BufferedWriter out = new BufferedWriter(
                    new OutputStreamWriter(system.create(temporary, true), StandardCharsets.UTF_8))) {
                while (lines.hasNext()) {
                    out.write(lines.next());
                    out.write('\n');
                }
            }
            if (system.exists(target) || !system.rename(temporary, target)) {
                system.delete(temporary, false);
                if (!system.exists(target)) {
                    throw new IOException("can't give " + temporary + " the name " + target);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String attempt() {
        TaskContext task = TaskContext.get();
        return ProcessHandle.current().pid() + "-" + (task == null ? "driver" : task.taskAttemptId());
    }

    /** All lines of a small file. */
    List<String> read(String name) {
        try (Stream<String> lines = lines(name)) {
            return lines.toList();
        }
    }

    /** The lines of a file, to be closed. */
    Stream<String> lines(String name) {
        try {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(system().open(path(name)), StandardCharsets.UTF_8));
            return in.lines().onClose(() -> {
                try {
                    in.close();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (FileNotFoundException e) {
            throw new InputException(path(name) + " is gone; start the job with another \"out\"", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String name) {
        try {
            system().delete(path(name), true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FileSystem system() throws IOException {
        return folder.getFileSystem(configuration());
    }

    /** A folder of this machine for what this process needs while it lives. */
    static java.nio.file.Path ofProcess(String name) {
        java.nio.file.Path made = temporary(name);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> AtomicFiles.deleteTree(made)));
        return made;
    }

    /** A folder of this machine for what a task needs, which deletes it. */
    static java.nio.file.Path temporary(String name) {
        return AtomicFiles.temporaryFolder(
                java.nio.file.Path.of(System.getProperty("java.io.tmpdir"), "videotg-spark"), name);
    }
}
