package org.videotg.app.measure;

import java.util.List;

/**
 * What is measured.
 *
 * @param minutes all of it may take; what would take longer is left out
 * @param sizes of the random models, in this order
 */
public record MeasureSettings(double minutes, List<ModelSize> sizes) {
    public MeasureSettings {
        if (!(minutes > 0)) {
            throw new IllegalArgumentException("minutes must be above 0, not " + minutes);
        }
        sizes = List.copyOf(sizes);
    }
}
