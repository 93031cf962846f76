package org.videotg.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.selection.Selector;
import scala.Tuple2;

/**
 * The samples in the seeded order in which a selection looks at them, in files of one block each.
 *
 * @param samples of all blocks
 */
record SampleOrder(int samples, List<Block> blocks) {
    SampleOrder {
        blocks = List.copyOf(blocks);
    }

    /** Neighbouring samples of the order; what a task judges, and commits as one file. */
    record Block(String name, int samples) implements Serializable {}

    /** A sample and its row in the data, from 0. */
    record Placed(long row, Sample sample) {}

    /** The place of a sample in the order. */
    private record Key(long rank, String id) implements Comparable<Key>, Serializable {
        @Override
        public int compareTo(Key other) {
            return Comparator.comparingLong(Key::rank).thenComparing(Key::id).compare(this, other);
        }
    }

    /** Returns the order, which is made if it is not there. */
    static SampleOrder of(SparkSession spark, CurationJob job) {
        JobFiles files = new JobFiles(job);
        if (!files.exists(JobFiles.order())) {
            SampleOrder made = make(spark, job);
            files.commit(JobFiles.order(), List.of(Json.line(made)).iterator());
        }
        return stored(files);
    }

    static SampleOrder stored(JobFiles files) {
        String text = String.join("", files.read(JobFiles.order()));
        return Json.convert(
                Json.parse(text, JobFiles.order()),
                SampleOrder.class,
                files.path(JobFiles.order()).toString());
    }

    private static SampleOrder make(SparkSession spark, CurationJob job) {
        String data = job.data();
        String line = job.line();
        long seed = job.selection().seed();
        int size = job.block();
        int partitions =
                2 * JavaSparkContext.fromSparkContext(spark.sparkContext()).defaultParallelism();
        List<Block> blocks = rows(spark, data)
                .zipWithIndex()
                .mapToPair(row -> {
                    String id = sample(data, row._2, row._1).id();
                    return new Tuple2<>(new Key(Selector.rank(id, seed), id), row._2 + "\t" + row._1);
                })
                .sortByKey(true, partitions)
                .mapPartitionsWithIndex((part, rows) -> write(CurationJob.read(line), part, size, rows), true)
                .collect();
        int samples = blocks.stream().mapToInt(Block::samples).sum();
        if (samples == 0) {
            throw new InputException(data + ": holds no sample");
        }
        return new SampleOrder(samples, blocks);
    }

    private static JavaRDD<String> rows(SparkSession spark, String data) {
        if (data.endsWith(".parquet")) {
            return spark.read().parquet(data).toJSON().toJavaRDD();
        }
        if (data.endsWith(".json")) {
            return spark.read().option("multiLine", true).json(data).toJSON().toJavaRDD();
        }
        return spark.read().textFile(data).toJavaRDD().filter(row -> !row.isBlank());
    }

    private static Iterator<Block> write(CurationJob job, int part, int size, Iterator<Tuple2<Key, String>> rows) {
        JobFiles files = new JobFiles(job);
        List<Block> blocks = new ArrayList<>();
        String last = "";
        while (rows.hasNext()) {
            List<String> lines = new ArrayList<>();
            while (lines.size() < size && rows.hasNext()) {
                Tuple2<Key, String> row = rows.next();
                if (row._1.id().equals(last)) {
                    throw new InputException(job.data() + ": id \"" + last + "\" is there twice; ids must be unique");
                }
                last = row._1.id();
                lines.add(row._2);
            }
            Block block = new Block(String.format("%05d-%07d.jsonl", part, blocks.size()), lines.size());
            files.commit(JobFiles.samples(block.name()), lines.iterator());
            blocks.add(block);
        }
        return blocks.iterator();
    }

    /** The samples of a block, in their order. */
    static List<Placed> read(CurationJob job, String block) {
        try (Stream<String> lines = new JobFiles(job).lines(JobFiles.samples(block))) {
            return lines.map(line -> {
                        int tab = line.indexOf('\t');
                        long row = Long.parseLong(line.substring(0, tab));
                        return new Placed(row, sample(job.data(), row, line.substring(tab + 1)));
                    })
                    .toList();
        }
    }

    private static Sample sample(String data, long row, String text) {
        return Samples.parse(Jsonl.parse(text, data + ":" + (row + 1)));
    }
}
