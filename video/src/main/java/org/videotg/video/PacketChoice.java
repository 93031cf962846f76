package org.videotg.video;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Which packets of a file must be decoded for chosen frames: of each group of pictures, from a restart to the next, those
 * up to the last chosen one, without pictures that no other is predicted from; and all that bring parameters. Without
 * knowledge about the packets, all.
 */
final class PacketChoice {
    private final VideoFile.Packets packets;
    /** Times of the chosen frames in ticks, ascending. */
    private final long[] chosen;
    /** Whether the time of each chosen frame is known. */
    private final boolean complete;

    private int sent;
    /** Number of the chosen frames in this group that have not been sent. */
    private int left;

    private PacketChoice(VideoFile.Packets packets, long[] chosen, boolean complete) {
        this.packets = packets;
        this.chosen = chosen;
        this.complete = complete;
        this.left = chosen.length == 0 ? 0 : before(packets.restarts()[0]);
    }

    /** @param indices of the chosen frames, ascending */
    static PacketChoice of(VideoFile.Packets packets, int[] indices) {
        long[] times = packets.times();
        long[] chosen = Arrays.stream(indices)
                .distinct()
                .filter(index -> index < times.length)
                .mapToLong(index -> times[index])
                .toArray();
        boolean complete = indices.length > 0 && indices[indices.length - 1] < times.length;
        return new PacketChoice(packets, chosen, complete);
    }

    /** Returns a choice of all packets. */
    static PacketChoice all() {
        return of(VideoFile.Packets.UNKNOWN, new int[0]);
    }

    /** Whether packets tell when their pictures are shown, so that {@link #index} knows each frame. */
    boolean isInformed() {
        return chosen.length > 0;
    }

    /** Returns the index of the frame that is shown at a time in ticks; negative if there is none. */
    int index(long tick) {
        return Arrays.binarySearch(packets.times(), tick);
    }

    /** Returns whether a packet must be decoded; called for each one, in order. */
    boolean needs(Demuxer demuxer, AVPacket packet) {
        if (!isInformed()) {
            return true;
        }
        int restart = Arrays.binarySearch(packets.restarts(), packet.pts());
        if (restart >= 0) {
            boolean last = restart + 1 == packets.restarts().length;
            left = (last ? chosen.length : before(packets.restarts()[restart + 1])) - before(packet.pts());
        }
        // A packet whose picture is not shown may have the time of the one that is shown next.
        if (Arrays.binarySearch(chosen, packet.pts()) >= 0 && demuxer.pictures(packet) > 0) {
            left--;
            sent++;
            return true;
        }
        return left > 0 ? !demuxer.isDisposable(packet) : demuxer.setsParameters(packet);
    }

    /** Returns whether no later packet is needed. */
    boolean isDone() {
        return complete && sent == chosen.length;
    }

    /** Returns the number of chosen frames before a time. */
    private int before(long tick) {
        int at = Arrays.binarySearch(chosen, tick);
        return at < 0 ? -at - 1 : at;
    }
}
