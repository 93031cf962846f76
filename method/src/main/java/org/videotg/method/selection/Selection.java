package org.videotg.method.selection;

import java.util.List;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Sample;

/** The selected samples in the order of the data, each with its {@link Curation}, and how they were found. */
public record Selection(List<Sample> samples, SelectionReport report) {
    public Selection {
        samples = List.copyOf(samples);
    }
}
