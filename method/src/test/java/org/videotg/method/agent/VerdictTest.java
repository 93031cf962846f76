package org.videotg.method.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

class VerdictTest {
    @Test
    void aFingerprintFollowsWhatIsJudgedAndNothingElse() {
        Sample sample = Sample.vtg("a", "v/a.mp4", 9, "q", List.of(new Interval(1, 2)));
        String fingerprint = Verdict.fingerprint(sample);
        assertEquals(16, fingerprint.length());
        assertEquals(
                fingerprint,
                Verdict.fingerprint(Sample.vtg("a", "elsewhere/a.mp4", 9, "q", sample.intervals())
                        .withExtra("mine", BooleanNode.TRUE)));
        assertNotEquals(fingerprint, Verdict.fingerprint(sample.withIntervals(List.of(new Interval(1, 2.1)))));
        assertNotEquals(fingerprint, Verdict.fingerprint(Sample.vtg("a", "v/b.mp4", 9, "q", sample.intervals())));
        assertNotEquals(fingerprint, Verdict.fingerprint(Sample.vtg("a", "v/a.mp4", 9, "p", sample.intervals())));
    }
}
