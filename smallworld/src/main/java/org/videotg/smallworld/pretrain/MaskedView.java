package org.videotg.smallworld.pretrain;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrid;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.Interval;

/**
 * A masked view of a video and the part of the truth that it shows, in whole seconds. The masks resemble those of the
 * agents and of the curriculum, so that the model knows them from pretraining.
 *
 * @param visible intervals of the truth that can be seen
 * @param complete whether no part of the truth is masked
 */
record MaskedView(GridMask mask, List<Interval> visible, boolean complete) {
    /** Returns the grids whose timestamp is in one of the intervals. */
    static BitSet grids(TemporalGrids grids, List<Interval> intervals) {
        BitSet inside = new BitSet();
        for (TemporalGrid grid : grids.grids()) {
            if (intervals.stream().anyMatch(i -> grid.timestamp() >= i.start() && grid.timestamp() < i.end())) {
                inside.set(grid.index());
            }
        }
        return inside;
    }

    static MaskedView unmasked(List<Interval> truth) {
        return new MaskedView(GridMask.none(), truth, true);
    }

    /** Draws a mask: half hide all or the first part of one occurrence, half a share of the other grids. */
    static MaskedView draw(TemporalGrids grids, List<Interval> truth, Random random) {
        MaskMode mode = random.nextBoolean() ? MaskMode.BLANK : MaskMode.DROP;
        BitSet holds = grids(grids, truth);
        BitSet masked = new BitSet();
        if (random.nextBoolean()) {
            Interval hidden = truth.isEmpty() ? anywhere(grids, random) : truth.get(random.nextInt(truth.size()));
            double share = random.nextInt(3) == 0 ? 0.35 + 0.25 * random.nextDouble() : 1;
            int margin = random.nextInt(2);
            for (TemporalGrid grid : grids.grids()) {
                double at = grid.timestamp();
                double end = hidden.start() + Math.max(1, Math.rint(share * hidden.length()));
                if (at >= hidden.start() - margin && at < (share == 1 ? end + margin : end)) {
                    masked.set(grid.index());
                }
            }
        } else {
            double share = random.nextDouble();
            boolean outward = random.nextBoolean();
            int context = 1 + random.nextInt(6);
            BitSet kept = (BitSet) holds.clone();
            for (int i = holds.nextSetBit(0); i >= 0; i = holds.nextSetBit(i + 1)) {
                kept.set(
                        Math.max(0, i - random.nextInt(context)),
                        Math.min(grids.size(), i + 1 + random.nextInt(context)));
            }
            for (TemporalGrid grid : grids.grids()) {
                if (!kept.get(grid.index()) && ((outward && share > 0.5) || random.nextDouble() < share)) {
                    masked.set(grid.index());
                }
            }
        }
        if (masked.cardinality() >= grids.size()) {
            masked.clear(random.nextInt(grids.size()));
        }
        BitSet visible = (BitSet) holds.clone();
        visible.andNot(masked);
        return new MaskedView(GridMask.of(masked, mode), runs(grids, visible, truth), visible.equals(holds));
    }

    private static Interval anywhere(TemporalGrids grids, Random random) {
        int start = random.nextInt(grids.size());
        return new Interval(start, start + 2 + random.nextInt(6));
    }

    /** Returns runs of visible grids as intervals of whole seconds within the truth. */
    private static List<Interval> runs(TemporalGrids grids, BitSet visible, List<Interval> truth) {
        List<Interval> runs = new ArrayList<>();
        for (int i = visible.nextSetBit(0); i >= 0; ) {
            int end = visible.nextClearBit(i);
            double first = Math.floor(grids.grids().get(i).timestamp());
            double last = Math.floor(grids.grids().get(end - 1).timestamp()) + 1;
            for (Interval whole : truth) {
                double from = Math.max(first, whole.start());
                double to = Math.min(last, whole.end());
                if (to > from) {
                    runs.add(new Interval(from, to));
                }
            }
            i = visible.nextSetBit(end);
        }
        return runs;
    }
}
