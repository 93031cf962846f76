package org.videotg.benchmarks.annotation;

import org.videotg.benchmarks.export.VideotgExport;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Samples;

/** This project's own jsonl (see {@link Samples}). */
final class VideotgFormat extends AnnotationFormat {
    VideotgFormat() {
        super(
                VideotgExport.NAME,
                "this project's jsonl ({id, video, duration, query, intervals, task})",
                FileRows.Shape.RECORDS,
                "id",
                "video",
                "query",
                "intervals");
    }

    @Override
    void read(FileRow row, RowCollector sentences) {
        sentences.add(row.where(), () -> {
            try {
                return Annotation.of(Samples.parse(new Jsonl.Row(row.node(), row.where())));
            } catch (InputException e) {
                String message = e.getMessage();
                String place = row.where() + ": ";
                throw new FileRow.Problem(message.startsWith(place) ? message.substring(place.length()) : message);
            }
        });
    }
}
