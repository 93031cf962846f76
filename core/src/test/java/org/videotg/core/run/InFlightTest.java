package org.videotg.core.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightTest {
    private static final int ITEMS = 200;

    private static Iterator<Integer> items() {
        return IntStream.range(0, ITEMS).iterator();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 16, ITEMS + 1})
    void everyItemIsDoneOnceAndNeverMoreAtATimeThanAllowed(int parallel) {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> done = new ArrayList<>();
        InFlight.forEach(
                parallel,
                items(),
                item -> {
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    LockSupport.parkNanos(item % 7 * 10_000L);
                    running.decrementAndGet();
                    return item;
                },
                done::add);
        assertEquals(ITEMS, done.size());
        assertEquals(ITEMS, new TreeSet<>(done).size());
        assertTrue(most.get() <= parallel, "at a time " + most);
    }

    @Test
    void anIteratorMayEndByWhatIsFinished() {
        List<Integer> done = new ArrayList<>();
        Iterator<Integer> items = items();
        Iterator<Integer> untilTen = new Iterator<>() {
            @Override
            public boolean hasNext() {
                return done.size() < 10;
            }

            @Override
            public Integer next() {
                return items.next();
            }
        };
        InFlight.forEach(4, untilTen, item -> item, done::add);
        assertTrue(done.size() >= 10 && done.size() < 14, "done " + done.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void afterAFailureWhatIsInFlightIsFinished(int parallel) {
        AtomicInteger begun = new AtomicInteger();
        List<Integer> done = new ArrayList<>();
        IllegalStateException failure = assertThrows(
                IllegalStateException.class,
                () -> InFlight.forEach(
                        parallel,
                        items(),
                        item -> {
                            begun.incrementAndGet();
                            if (item == 20) {
                                throw new IllegalStateException("item 20");
                            }
                            return item;
                        },
                        done::add));
        assertEquals("item 20", failure.getMessage());
        assertEquals(begun.get() - 1, done.size());
        assertTrue(begun.get() < ITEMS);
    }
}
