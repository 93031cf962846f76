package org.videotg.spark;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Stop;

/**
 * The application for spark-submit: curates a data set as the command {@code curate} does, on a cluster. The driver
 * holds the names of blocks of samples and counts, but neither samples nor verdicts.
 */
public final class Curate {
    private static final Logger LOG = LoggerFactory.getLogger(Curate.class);
    private static final Pattern OURS = Pattern.compile("org\\.videotg\\.[\\w.]*Exception: (.*)");

    private Curate() {}

    /** Curates, with the settings of {@link CurationJob} as {@code key=value}. */
    public static void main(String[] arguments) {
        // Spark's listing of finished tasks would grow with the number of samples.
        SparkConf conf = new SparkConf()
                .setIfMissing("spark.app.name", "videotg curate")
                .setIfMissing("spark.ui.retainedTasks", "1000")
                .setIfMissing("spark.ui.retainedStages", "100")
                .setIfMissing("spark.ui.retainedJobs", "100");
        try {
            CurationJob job = CurationJob.parse(List.of(arguments));
            SparkSession spark = SparkSession.builder().config(conf).getOrCreate();
            try {
                System.out.println(run(spark, job));
            } finally {
                spark.stop();
            }
        } catch (InputException e) {
            System.err.println("error: " + e.getMessage());
            Stop.exit(1);
        }
    }

    /**
     * Curates, or goes on with a job that was stopped.
     *
     * @return what was selected, in one line
     * @throws InputException if the job can't be done, or its folder holds another one
     */
    static String run(SparkSession spark, CurationJob job) {
        try {
            return new Driver(spark, job).run();
        } catch (Exception e) {
            // Spark throws checked exceptions without declaring them.
            throw new InputException(ours(e).orElse("Spark has failed: " + e.getMessage()), e);
        }
    }

    /** What this program says of a failure; Spark passes on the failure of a task as text. */
    private static Optional<String> ours(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InputException) {
                return Optional.of(cause.getMessage());
            }
            Matcher text = OURS.matcher(String.valueOf(cause.getMessage()));
            if (text.find()) {
                return Optional.of(text.group(1));
            }
        }
        return Optional.empty();
    }

    /** One run of a job. */
    private static final class Driver {
        private final SparkSession spark;
        private final JavaSparkContext context;
        private final CurationJob job;
        private final JobFiles files;

        Driver(SparkSession spark, CurationJob job) {
            this.spark = spark;
            this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            this.job = job;
            this.files = new JobFiles(job);
        }

        String run() {
            claim();
            SampleOrder order = SampleOrder.of(spark, job);
            Judge.Count count = job.selection().reflects() || job.selection().rates() ? judge(order) : Judge.Count.NONE;
            String line = job.line();
            var report = Json.parse(
                    context.parallelize(List.of(line), 1).map(Results::write).first(), "report");
            files.delete(JobFiles.WORK);
            return String.format(
                    Locale.ROOT,
                    "%s: %d of %d samples selected (%d wanted), %d looked at, %d judged, %d of them could not be judged",
                    job.out(),
                    report.path("selected").asInt(),
                    report.path("original").asInt(),
                    report.path("wanted").asInt(),
                    report.path("pool").asInt(),
                    count.samples(),
                    count.failed());
        }

        /** Takes the folder of the results, or goes on with the same job in it. */
        private void claim() {
            String now = job.line();
            if (files.exists(JobFiles.REPORT)) {
                throw new InputException(
                        job.out() + " holds the results of a job that has ended; choose another \"out\"");
            }
            files.commit(JobFiles.JOB, List.of(now).iterator());
            var then = Json.parse(String.join("", files.read(JobFiles.JOB)), JobFiles.JOB);
            var mine = Json.parse(now, JobFiles.JOB);
            TreeSet<String> names = new TreeSet<>();
            then.fieldNames().forEachRemaining(names::add);
            mine.fieldNames().forEachRemaining(names::add);
            names.stream()
                    .filter(name -> !then.path(name).equals(mine.path(name)))
                    .findFirst()
                    .ifPresent(name -> {
                        throw new InputException(job.out() + " holds a job with \"" + name + "\" " + then.path(name)
                                + ", this one has " + mine.path(name) + "; choose another \"out\"");
                    });
        }

        /**
         * Judges the samples in their order until enough of them are candidates. A candidate takes a sample at least, so
         * as many samples are judged at a time as candidates are missing, but no fewer blocks than the cluster has places.
         */
        private Judge.Count judge(SampleOrder order) {
            int wanted = job.selection().poolWanted(order.samples());
            String line = job.line();
            Judge.Count count = Judge.Count.NONE;
            List<SampleOrder.Block> blocks = order.blocks();
            for (int next = 0; next < blocks.size() && count.candidates() < wanted; ) {
                int end = next;
                for (int samples = 0;
                        end < blocks.size()
                                && (samples < wanted - count.candidates() || end - next < context.defaultParallelism());
                        end++) {
                    samples += blocks.get(end).samples();
                }
                List<String> names = blocks.subList(next, end).stream()
                        .map(SampleOrder.Block::name)
                        .toList();
                count = count.plus(context.parallelize(names, names.size())
                        .map(block -> Judge.of(line).judge(block))
                        .reduce(Judge.Count::plus));
                next = end;
                LOG.info(
                        "curate: {} of {} candidates, {} samples judged, {} of them could not be judged",
                        Math.min(count.candidates(), wanted),
                        wanted,
                        count.samples(),
                        count.failed());
            }
            return count;
        }
    }
}
