package org.videotg.app.measure;

import java.util.List;
import org.videotg.models.tensor.ComputeDtype;

/**
 * The speed of products of large square matrices.
 *
 * @param where device, and threads of a CPU
 * @param dtype of the matrices
 * @param side rows and columns
 * @param operations multiplications and additions per second
 */
public record MatrixPeak(String where, String dtype, int side, double operations) {
    boolean isOf(ComputeDtype wanted) {
        return dtype.equals(wanted.toString());
    }

    /** Returns the operations per second of the fastest in that type; 0 without any. */
    static double of(List<MatrixPeak> peaks, ComputeDtype wanted) {
        return peaks.stream()
                .filter(peak -> peak.isOf(wanted))
                .mapToDouble(MatrixPeak::operations)
                .max()
                .orElse(0);
    }
}
