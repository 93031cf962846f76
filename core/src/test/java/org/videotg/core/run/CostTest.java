package org.videotg.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.videotg.core.io.Json;

class CostTest {
    private static Cost read(String json) {
        return Json.convert(Json.parse(json, "test"), Cost.class, "test");
    }

    @Test
    void filesOfEarlierVersionsAreRead() {
        assertEquals(new Cost(310, 0.5, 0, 0), read("{\"tokenForwards\":310,\"cpuSeconds\":0.5}"));
        assertEquals(new Cost(0, 2, 0, 0), read("{\"cpuSeconds\":2}"));
        assertEquals(
                new Cost(7, 1, 3, 4096),
                read("{\"steps\":2,\"tokenForwards\":7,\"cpuSeconds\":1,\"seconds\":3,\"peakMemoryBytes\":4096}"));
    }

    @Test
    void whatIsWrittenIsReadAndOmitsWhatWasNotMeasured() {
        Cost cost = new Cost(7, 1.5, 3, 4096);
        assertEquals(cost, read(Json.line(cost)));
        assertEquals("{\"tokenForwards\":7,\"cpuSeconds\":1.5}", Json.line(new Cost(7, 1.5, 0, 0)));
    }

    @Test
    void theSumKeepsTheLargerPeak() {
        assertEquals(new Cost(5, 3, 1.5, 9), new Cost(2, 1, 1, 9).plus(new Cost(3, 2, 0.5, 4)));
    }

    @Test
    void theMeterMeasuresThisProcess() {
        Cost.Meter meter = Cost.meter();
        long sum = 0;
        for (int i = 0; i < 5_000_000; i++) {
            sum += Draw.bits(i, "busy");
        }
        Cost cost = meter.cost(3);
        assertEquals(3, cost.tokenForwards());
        assertTrue(cost.cpuSeconds() > 0 && cost.seconds() > 0, cost + " " + sum);
        Cost whole = Cost.ofProcess();
        assertTrue(whole.cpuSeconds() >= cost.cpuSeconds() && whole.seconds() >= cost.seconds(), whole.toString());
    }
}
