package org.videotg.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.videotg.video.FrameSize;

/** The comparison of a prompt's tokens of vision with those that videotg would write, by the ids of both families. */
final class VideoTokens {
    private static final int VISION_START = 151_652;
    private static final int IMAGE = 151_655;
    private static final int VIDEO = 151_656;

    private VideoTokens() {}

    /** Returns which side leaves out what; empty if both have the same. */
    static Optional<String> difference(JsonNode promptTokenIds, SentVideo sent, ClipSettings clips) {
        int shown = sent.clip().shown(sent.mask()).length;
        boolean pictures = sent.form() == VideoForm.FRAMES;
        int grids = pictures ? shown : shown / 2;
        FrameSize size = sent.clip().size();
        boolean fits = size.height() % clips.side() == 0 && size.width() % clips.side() == 0;
        int expected = grids * (size.height() / clips.side()) * (size.width() / clips.side());
        int expectedPairs = pictures || clips.pairsHaveBounds() ? grids : 1;
        int found = count(promptTokenIds, pictures ? IMAGE : VIDEO);
        int pairs = count(promptTokenIds, VISION_START);
        List<String> differences = new ArrayList<>();
        if (fits && found != expected) {
            differences.add("its prompt has " + found + " tokens of the video, videotg's " + expected
                    + (found < expected ? "; it leaves out frames or makes them smaller" : "; it makes them larger"));
        }
        if (pairs == expectedPairs + 1) {
            differences.add("it writes an outer pair of vision_start and vision_end, which videotg leaves out");
        } else if (pairs != expectedPairs) {
            differences.add("it writes " + pairs + " pairs of vision_start and vision_end, videotg " + expectedPairs);
        }
        return differences.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differences));
    }

    private static int count(JsonNode ids, int id) {
        int count = 0;
        for (JsonNode each : ids) {
            count += each.asInt() == id ? 1 : 0;
        }
        return count;
    }
}
