package org.videotg.method.reward;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyFuzzTest {
    @Test
    void twentyThousandHostileRepliesBreakNoPromise() {
        Map<String, ReplyFuzz.Tally> tallies = ReplyFuzz.run(7, 0, 20_000);
        tallies.forEach((name, tally) -> {
            assertTrue(tally.parsed() > 0, name + " parses none of them, so they test little: " + tally);
            assertTrue(tally.unparsable() > 0, name + " refuses none: " + tally);
        });
    }
}
