package org.videotg.models.preprocess;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;
import org.videotg.video.BicubicResizer.Rounding;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSize;
import org.videotg.video.RgbImage;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;

/**
 * The video processor of a checkpoint: samples, resizes, normalises and cuts into patches. Frames are streamed: at most
 * one is held at its original size. An odd count of frames repeats the last one.
 */
public final class VideoPreprocessor {
    private static final int CHANNELS = 3;

    private final PreprocessorConfig config;

    public VideoPreprocessor(PreprocessorConfig config) {
        this.config = config;
    }

    public PreprocessorConfig config() {
        return config;
    }

    /** Returns a video's temporal grids, without decoding it. */
    public TemporalGrids grids(VideoRef video) {
        return grids(sample(video));
    }

    /**
     * Decodes a video into patches.
     *
     * @throws org.videotg.core.io.InputException if the video can't be read up to its last sampled frame
     */
    public PatchedVideo load(VideoRef video) {
        SampledFrames sampled = sample(video);
        VideoInfo info = sampled.info();
        List<FrameResizer> resizers = resizers(sampled.count(), source(info));
        Patches patches = new Patches(grids(sampled).size(), target(sampled));
        FrameDecoder.decode(
                info,
                sampled.indices(),
                config.colours(),
                (position, image) -> put(patches, position, image, resizers));
        patches.repeatLast(sampled.count());
        return new PatchedVideo(
                sampled, grids(sampled), spacing(sampled), patches.height, patches.width, patches.tensor());
    }

    /** Returns how large a video is to the vision tower, without decoding it. */
    public VideoShape shape(VideoRef video) {
        SampledFrames sampled = sample(video);
        FrameSize target = target(sampled);
        return new VideoShape(
                grids(sampled),
                spacing(sampled),
                target.height() / config.patchSize(),
                target.width() / config.patchSize());
    }

    private GridSpacing spacing(SampledFrames sampled) {
        return new GridSpacing(
                config.temporalPatchSize() / sampled.sampleFps(), sampled.info().timesFollowIndex());
    }

    private static FrameSize source(VideoInfo info) {
        return new FrameSize(info.height(), info.width());
    }

    /** Returns the size of the pictures that are cut into patches. */
    private FrameSize target(SampledFrames sampled) {
        List<FrameSize> sizes = config.sizes(sampled.count(), source(sampled.info()));
        return sizes.get(sizes.size() - 1);
    }

    /** Returns which frames are sampled, without decoding them. */
    public SampledFrames sample(VideoRef video) {
        return config.sampling().sample(VideoFile.open(video.file()), video.clip());
    }

    private List<FrameResizer> resizers(int frames, FrameSize source) {
        List<FrameSize> sizes = config.sizes(frames, source);
        List<FrameResizer> resizers = new ArrayList<>();
        FrameSize from = source;
        for (int i = 0; i < sizes.size(); i++) {
            resizers.add(
                    new FrameResizer(from, sizes.get(i), config.resizes().get(i).rounding()));
            from = sizes.get(i);
        }
        return resizers;
    }

    private void put(Patches patches, int position, RgbImage image, List<FrameResizer> resizers) {
        RgbImage resized = image;
        for (FrameResizer resizer : resizers) {
            if (resizer.rounding() == Rounding.NEVER) {
                patches.put(position, resizer.exact(resized));
                return;
            }
            resized = resizer.resize(resized);
        }
        patches.put(position, resized);
    }

    /** Returns the patches [height * width, patchDim] of one black grid of the given size in patches. */
    public Tensor black(int height, int width) {
        Patches patches = new Patches(1, new FrameSize(height * config.patchSize(), width * config.patchSize()));
        RgbImage image = new RgbImage(
                width * config.patchSize(),
                height * config.patchSize(),
                new byte[height * width * config.patchSize() * config.patchSize() * CHANNELS]);
        for (int frame = 0; frame < config.temporalPatchSize(); frame++) {
            patches.put(frame, image);
        }
        return patches.tensor();
    }

    /** Returns the patches of decoded frames; for tests against the reference. */
    Tensor patches(RgbImage[] frames) {
        int grids = (frames.length + config.temporalPatchSize() - 1) / config.temporalPatchSize();
        FrameSize source = new FrameSize(frames[0].height(), frames[0].width());
        List<FrameResizer> resizers = resizers(frames.length, source);
        Patches patches = new Patches(grids, config.sizes(frames.length, source).get(resizers.size() - 1));
        for (int i = 0; i < frames.length; i++) {
            put(patches, i, frames[i], resizers);
        }
        patches.repeatLast(frames.length);
        return patches.tensor();
    }

    private static TemporalGrids grids(SampledFrames sampled) {
        return TemporalGrids.ofFrameTimes(sampled.times(), sampled.duration());
    }

    /** The values of a frame. */
    @FunctionalInterface
    private interface Levels {
        /**
         * Writes the normalised levels of one channel of pixels that follow each other in a row.
         *
         * @param from index of the first level in the rows of the frame, which has the size of all frames
         */
        void copy(int channel, int from, float[] values, int to, int count);
    }

    /** The patches of a clip, filled frame by frame and written to their tensor grid by grid. */
    private final class Patches {
        private final int height;
        private final int width;
        private final int grids;
        private final int side = config.patchSize();
        private final int depth = config.temporalPatchSize();
        private final int dim = CHANNELS * depth * side * side;
        private final float[] grid;
        private final float[][] normalised = new float[CHANNELS][256];
        private final Tensor tensor;
        private final FloatPointer pointer;
        private Levels last;

        Patches(int grids, FrameSize size) {
            this.grids = grids;
            this.height = size.height() / side;
            this.width = size.width() / side;
            this.grid = new float[Math.multiplyExact(height * width, dim)];
            this.tensor =
                    Tensors.empty(Device.CPU, torch.ScalarType.Float, Math.multiplyExact(grids, height * width), dim);
            this.pointer = tensor.data_ptr_float();
            for (int channel = 0; channel < CHANNELS; channel++) {
                for (int level = 0; level < 256; level++) {
                    normalised[channel][level] = (level / 255f - config.mean()[channel]) / config.std()[channel];
                }
            }
        }

        /** Adds the frame that follows the last one. */
        void put(int position, RgbImage image) {
            byte[] rgb = image.rgb();
            put(position, (channel, from, values, to, count) -> {
                float[] levels = normalised[channel];
                for (int i = 0; i < count; i++) {
                    values[to + i] = levels[rgb[from + CHANNELS * i] & 0xff];
                }
            });
        }

        /** Adds a frame whose levels are not rounded to bytes. */
        void put(int position, float[] levels) {
            put(position, (channel, from, values, to, count) -> {
                float mean = config.mean()[channel];
                float std = config.std()[channel];
                for (int i = 0; i < count; i++) {
                    values[to + i] = (levels[from + CHANNELS * i] / 255f - mean) / std;
                }
            });
        }

        private void put(int position, Levels image) {
            last = image;
            int slice = position % depth;
            for (int row = 0; row < height; row++) {
                for (int column = 0; column < width; column++) {
                    for (int channel = 0; channel < CHANNELS; channel++) {
                        int to = order(row, column) * dim + (channel * depth + slice) * side * side;
                        for (int y = 0; y < side; y++) {
                            int from = ((row * side + y) * width + column) * side * CHANNELS + channel;
                            image.copy(channel, from, grid, to + y * side, side);
                        }
                    }
                }
            }
            if (slice == depth - 1) {
                pointer.position((long) (position / depth) * grid.length).put(grid);
            }
        }

        /** Returns the place of a patch in merge-block order. */
        private int order(int row, int column) {
            int merge = config.mergeSize();
            int block = row / merge * (width / merge) + column / merge;
            return block * merge * merge + row % merge * merge + column % merge;
        }

        void repeatLast(int frames) {
            for (int i = frames; i < grids * depth; i++) {
                put(i, last);
            }
        }

        Tensor tensor() {
            return tensor;
        }
    }

    /**
     * How large a video is to the vision tower.
     *
     * @param spacing of the grids
     * @param height patches of a grid's height
     * @param width patches of a grid's width
     */
    public record VideoShape(TemporalGrids grids, GridSpacing spacing, int height, int width) {}

    /**
     * A video as the vision tower reads it.
     *
     * @param spacing of the grids
     * @param height patches of a grid's height
     * @param width patches of a grid's width
     * @param patches [grids * height * width, patchDim], normalised, in merge-block order
     */
    public record PatchedVideo(
            SampledFrames sampled, TemporalGrids grids, GridSpacing spacing, int height, int width, Tensor patches) {}
}
