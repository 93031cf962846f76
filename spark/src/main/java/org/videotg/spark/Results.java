package org.videotg.spark;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.VerdictParts;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.Selection;
import org.videotg.method.selection.Selector;

/** Makes the selection and writes the results of a job, as one task: it holds all samples, but never all verdicts. */
final class Results {
    private final CurationJob job;
    private final JobFiles files;
    private final SampleOrder order;

    private Results(CurationJob job) {
        this.job = job;
        this.files = new JobFiles(job);
        this.order = SampleOrder.stored(files);
    }

    /**
     * Writes the results.
     *
     * @return the report as one line
     */
    static String write(String line) {
        return new Results(CurationJob.read(line)).write();
    }

    private String write() {
        List<Sample> data = order.blocks().stream()
                .flatMap(block -> SampleOrder.read(job, block.name()).stream())
                .sorted(Comparator.comparingLong(SampleOrder.Placed::row))
                .map(SampleOrder.Placed::sample)
                .toList();
        Selector selector = new Selector(job.selection());
        Selection selection;
        try (Stream<JsonNode> rows = rows()) {
            selection = selector.select(
                    data, new Stored(rows.iterator()), job.selection().poolWanted(data.size()));
        }
        verdicts(JobFiles.REFLECTIONS, Judge.REFLECTION);
        verdicts(JobFiles.DIFFICULTY, Judge.DIFFICULTY);
        samples(JobFiles.SELECTED, selection.samples());
        samples(JobFiles.PENDING, selection.pending());
        files.commit(JobFiles.REPORT, Json.pretty(selection.report()).lines().iterator());
        return Json.line(selection.report());
    }

    /** The rows of all verdicts, in the order of the samples. */
    private Stream<JsonNode> rows() {
        return order.blocks().stream()
                .map(block -> JobFiles.verdicts(block.name()))
                .filter(files::exists)
                .flatMap(name -> files.lines(name).map(line -> Json.parse(line, name)));
    }

    /** Writes the verdicts of one agent, those on samples behind the last one that was needed too. */
    private void verdicts(String file, String agent) {
        try (Stream<JsonNode> rows = rows()) {
            Iterator<JsonNode> verdicts = rows.filter(row -> row.has(agent))
                    .map(row -> row.get(agent))
                    .iterator();
            if (verdicts.hasNext()) {
                files.commit(file, new Checked(verdicts));
            }
        }
    }

    private void samples(String file, List<Sample> samples) {
        if (!samples.isEmpty() || file.equals(JobFiles.SELECTED)) {
            files.commit(
                    file,
                    samples.stream()
                            .map(sample -> Json.line(Samples.toJson(placed(sample))))
                            .iterator());
        }
    }

    /** A sample for a file in the folder of the results: in the local file system relative, as all commands write it. */
    private Sample placed(Sample sample) {
        org.apache.hadoop.fs.Path video = LocalVideo.remote(job.data(), sample);
        try {
            if (!video.getFileSystem(JobFiles.configuration()).getScheme().equals("file")) {
                return sample.withVideo(video.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Samples.relocate(
                sample,
                Path.of(new org.apache.hadoop.fs.Path(job.data()).toUri().getPath()),
                Path.of(files.path(JobFiles.SELECTED).toUri().getPath()));
    }

    /** Verdicts of one agent as lines; all are made by the same model and settings. */
    private final class Checked implements Iterator<String> {
        private final Iterator<JsonNode> verdicts;
        private JsonNode first;

        Checked(Iterator<JsonNode> verdicts) {
            this.verdicts = verdicts;
        }

        @Override
        public boolean hasNext() {
            return verdicts.hasNext();
        }

        @Override
        public String next() {
            JsonNode verdict = verdicts.next();
            first = first == null ? verdict : first;
            VerdictParts.requireSame(first, verdict, files.path(JobFiles.WORK) + ": sample " + verdict.get("id"));
            return Jsonl.checkedLine(verdict);
        }
    }

    /** Stored verdicts, which are asked for in their order. */
    private static final class Stored implements Selector.Verdicts {
        private final Iterator<JsonNode> rows;
        private JsonNode row;

        Stored(Iterator<JsonNode> rows) {
            this.rows = rows;
        }

        @Override
        public Optional<ReflectionVerdict> reflection(Sample sample) {
            return verdict(sample, Judge.REFLECTION, ReflectionVerdict.class);
        }

        @Override
        public Optional<DifficultyVerdict> difficulty(Sample sample) {
            return verdict(sample, Judge.DIFFICULTY, DifficultyVerdict.class);
        }

        private <V> Optional<V> verdict(Sample sample, String agent, Class<V> type) {
            while (row == null || !row.path("id").asText().equals(sample.id())) {
                if (!rows.hasNext()) {
                    throw new InputException("sample \"" + sample.id() + "\" has no verdict; start the job again");
                }
                row = rows.next();
            }
            return row.has(agent)
                    ? Optional.of(Json.convert(row.get(agent), type, "sample \"" + sample.id() + "\""))
                    : Optional.empty();
        }
    }
}
