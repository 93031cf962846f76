package org.videotg.video;

import java.util.PriorityQueue;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * The places of decoded frames in the order of presentation. A frame has the place of its packet's time among those of all
 * packets, so one that is lost to a damaged packet leaves the places of the others as they are. Where times are missing, frames
 * are counted.
 */
final class FrameOrder {
    /** Times of packets whose frames have not come out yet. A decoder gives a frame after all packets of earlier ones. */
    private final PriorityQueue<Long> waiting = new PriorityQueue<>();

    private boolean timed = true;
    private long last = Long.MIN_VALUE;
    private int places;

    /** Called before a packet goes to the decoder. */
    void sent(AVPacket packet) {
        if (packet.size() > 0 && (packet.flags() & avcodec.AV_PKT_FLAG_DISCARD) == 0) {
            timed &= packet.pts() != avutil.AV_NOPTS_VALUE;
            waiting.add(packet.pts());
        }
    }

    /** The place, from 0, of the frame that came out; -1 for one that came after its place was passed over. */
    int place(AVFrame frame) {
        long time = frame.pts();
        if (!timed || time == avutil.AV_NOPTS_VALUE) {
            return places++;
        }
        if (time < last) {
            return -1;
        }
        last = time;
        while (!waiting.isEmpty() && waiting.peek() < time) {
            waiting.poll();
            places++;
        }
        if (waiting.isEmpty() || waiting.peek() != time) {
            // A decoder that gives times of its own.
            timed = false;
        } else {
            waiting.poll();
        }
        return places++;
    }
}
