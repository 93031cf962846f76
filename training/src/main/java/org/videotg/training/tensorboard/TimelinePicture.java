package org.videotg.training.tensorboard;

import java.util.Arrays;
import java.util.List;
import org.videotg.core.sample.Interval;
import org.videotg.training.trainer.RolloutGroup;
import org.videotg.video.RgbImage;

/**
 * A picture of a few samples: for each a lane with the annotated intervals in blue, and below it one for each reply in
 * orange, the darker the higher its reward. The width is the video's duration. It needs no fonts.
 */
final class TimelinePicture {
    private static final int WIDTH = 640;
    private static final int MARGIN = 6;
    private static final int ANNOTATION = 10;
    private static final int REPLY = 5;
    private static final int GAP = 2;
    private static final int[] EMPTY = {0xe4, 0xe7, 0xeb};
    private static final int[] BLUE = {0x1f, 0x6f, 0xeb};
    private static final int[] PALE = {0xff, 0xd9, 0xa8};
    private static final int[] DARK = {0xb3, 0x59, 0x00};

    private final RgbImage image;

    private TimelinePicture(int height) {
        byte[] white = new byte[3 * WIDTH * height];
        Arrays.fill(white, (byte) 0xff);
        this.image = new RgbImage(WIDTH, height, white);
    }

    static RgbImage draw(List<RolloutGroup> groups) {
        TimelinePicture picture = new TimelinePicture(
                MARGIN + groups.stream().mapToInt(TimelinePicture::height).sum());
        int top = MARGIN;
        for (RolloutGroup group : groups) {
            picture.group(group, top);
            top += height(group);
        }
        return picture.image;
    }

    private static int height(RolloutGroup group) {
        return ANNOTATION + GAP + group.rollouts().size() * (REPLY + GAP) + MARGIN;
    }

    private void group(RolloutGroup group, int top) {
        double highest = group.rollouts().stream()
                .mapToDouble(RolloutGroup.Rollout::reward)
                .max()
                .orElse(0);
        lane(top, ANNOTATION, group.intervals(), group.duration(), BLUE);
        int at = top + ANNOTATION + GAP;
        for (RolloutGroup.Rollout rollout : group.rollouts()) {
            double share = highest > 0 ? Math.max(0, rollout.reward() / highest) : 0;
            lane(at, REPLY, rollout.intervals(), group.duration(), between(share));
            at += REPLY + GAP;
        }
    }

    private static int[] between(double share) {
        int[] colour = new int[3];
        for (int i = 0; i < 3; i++) {
            colour[i] = (int) Math.rint(PALE[i] + share * (DARK[i] - PALE[i]));
        }
        return colour;
    }

    private void lane(int top, int height, List<Interval> intervals, double duration, int[] colour) {
        fill(0, 1, top, height, EMPTY);
        for (Interval interval : intervals) {
            Interval inside = interval.clamp(duration);
            fill(inside.start() / duration, inside.end() / duration, top, height, colour);
        }
    }

    /** Fills a part of a lane, at least 2 pixels. */
    private void fill(double from, double to, int top, int height, int[] colour) {
        int width = WIDTH - 2 * MARGIN;
        int left = MARGIN + Math.min(width - 2, (int) Math.rint(from * width));
        int right = Math.max(left + 2, MARGIN + (int) Math.rint(to * width));
        for (int y = top; y < top + height; y++) {
            for (int x = left; x < right; x++) {
                for (int i = 0; i < 3; i++) {
                    image.rgb()[3 * (y * WIDTH + x) + i] = (byte) colour[i];
                }
            }
        }
    }
}
