package org.videotg.benchmarks.annotation;

import org.videotg.benchmarks.export.VideotgExport;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Samples;

/** This project's own jsonl (see {@link Samples}). */
record VideotgFormat() implements AnnotationFormat {
    @Override
    public String name() {
        return VideotgExport.NAME;
    }

    @Override
    public String label() {
        return "this project's jsonl ({id, video, duration, query, intervals, task})";
    }

    @Override
    public Content.Shape shape() {
        return Content.Shape.RECORDS;
    }

    @Override
    public boolean recognises(Row row) {
        return row.has("id", "video", "duration", "query", "intervals");
    }

    @Override
    public void read(Row row, RowCollector sink) {
        sink.add(row.where(), () -> {
            try {
                return Annotation.of(Samples.parse(new Jsonl.Row(row.node(), row.where())));
            } catch (InputException e) {
                String message = e.getMessage();
                String place = row.where() + ": ";
                throw new Row.Problem(message.startsWith(place) ? message.substring(place.length()) : message);
            }
        });
    }
}
