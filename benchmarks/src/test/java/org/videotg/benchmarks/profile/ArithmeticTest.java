package org.videotg.benchmarks.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArithmeticTest {
    /**
     * Expected values printed by numpy 2.4.6 and Python 3.11 for the same terms; most pairs differ in their last
     * digits.
     */
    @ParameterizedTest
    @CsvSource({
        "7, 0.6704081632653062, 0.6704081632653062",
        "20, 0.4648869828571841, 0.4648869828571841",
        "127, 0.3403569652959777, 0.34035696529597764",
        "128, 0.3385402116608529, 0.33854021166085285",
        "129, 0.33752634907421447, 0.3375263490742144",
        "1000, 0.30718547086055037, 0.30718547086054965",
        "2500, 0.30324058466496984, 0.30324058466496956"
    })
    void meansAgreeToTheLastBit(int n, double numpy, double python) {
        List<Double> terms =
                IntStream.range(0, n).mapToObj(i -> 1.0 / (i + 1) + i % 7 * 0.1).toList();
        assertEquals(numpy, Arithmetic.numpy(terms));
        assertEquals(python, Arithmetic.sum(terms) / n);
    }

    @Test
    void printedDigitsAreThoseOfTheBinaryValue() {
        assertEquals(2.67, Arithmetic.fixed(2.675, 2));
        assertEquals(0.12, Arithmetic.fixed(0.125, 2));
        assertEquals(0.38, Arithmetic.fixed(0.375, 2));
        assertTrue(Double.isNaN(Arithmetic.fixed(Double.NaN, 2)));
    }
}
