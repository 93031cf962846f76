package org.videotg.training.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {
    @Test
    void equalItemsGoToTheWorkersInTurn() {
        assertEquals(List.of(List.of(0, 2, 4), List.of(1, 3)), Shares.of(new long[] {7, 7, 7, 7, 7}, 2));
        assertEquals(List.of(List.of(0), List.of(1), List.of()), Shares.of(new long[2], 3));
    }

    @Test
    void unevenItemsAreBalanced() {
        assertEquals(List.of(List.of(1), List.of(0, 2, 3, 4)), Shares.of(new long[] {2, 9, 3, 2, 2}, 2));
    }
}
