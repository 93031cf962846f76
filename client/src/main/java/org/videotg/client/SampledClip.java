package org.videotg.client;

import java.util.function.ObjIntConsumer;
import java.util.stream.IntStream;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.BicubicResizer;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.FrameSize;
import org.videotg.video.RgbImage;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;

/**
 * The frames that are sampled of a clip, before any mask; nothing is decoded.
 *
 * @param size of the frames that are sent
 */
record SampledClip(SampledFrames sampled, FrameSize size, FrameDecoder.Colours colours) {
    static SampledClip of(VideoRef video, ClipSettings settings) {
        SampledFrames sampled = settings.sampling().sample(VideoFile.open(video.file()), video.clip());
        return new SampledClip(sampled, settings.size(sampled.count(), sampled.info()), settings.colours());
    }

    TemporalGrids grids() {
        return TemporalGrids.ofFrameTimes(sampled.times(), sampled.duration());
    }

    /** Returns the frames per second by which a reader that counts frames computes their times. */
    double fps() {
        double[] times = sampled.times();
        return times.length < 2 ? sampled.sampleFps() : (times.length - 1) / (times[times.length - 1] - times[0]);
    }

    /**
     * Returns where the frames stand among as many frames as the clip has in its file, so that numpy's
     * {@code linspace(0, frames - 1, count).round()}, the rule of transformers for Qwen3-VL, finds them.
     */
    int[] places() {
        int frames = Math.max(sampled.range().frames(), sampled.count());
        return FrameSampling.Hf.defaults().indices(frames, sampled.count());
    }

    /** Returns the frames per second at which {@link #places} are the frames' times. */
    double fpsOfPlaces() {
        int[] places = places();
        return fps() * (places.length < 2 ? 1 : places[places.length - 1] / (places.length - 1.0));
    }

    /** Returns the positions of the frames that a view shows, black ones included. */
    int[] shown(GridMask mask) {
        return IntStream.range(0, sampled.count())
                .filter(frame -> mask.mode() == MaskMode.BLANK || !mask.isMasked(frame / 2))
                .toArray();
    }

    /** Passes on the frames that a view shows, one by one, with their positions. */
    void frames(GridMask mask, ObjIntConsumer<RgbImage> sink) {
        int[] shown = shown(mask);
        int[] indices =
                IntStream.of(shown).map(frame -> sampled.indices()[frame]).toArray();
        FrameSize source = new FrameSize(sampled.info().height(), sampled.info().width());
        BicubicResizer resizer = new BicubicResizer(source, size, BicubicResizer.Rounding.ONCE);
        RgbImage black = new RgbImage(size.width(), size.height(), new byte[3 * size.width() * size.height()]);
        FrameDecoder.decode(
                sampled.info(),
                indices,
                colours,
                (position, image) -> sink.accept(
                        mask.isMasked(shown[position] / 2) ? black : resizer.resize(image), shown[position]));
    }
}
