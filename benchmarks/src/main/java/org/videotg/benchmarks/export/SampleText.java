package org.videotg.benchmarks.export;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;

/** How a sample is put into words for formats that hold a conversation. */
public interface SampleText {
    /** What is asked after the video. */
    String question(Sample sample);

    /** The right reply. */
    String reply(Sample sample);

    /** Plain words without any thinking: times as {@code 24.30 to 30.40}, answers as {@code (B)}. */
    static SampleText plain() {
        return new Plain();
    }

    /** The wording of {@link #plain}. */
    record Plain() implements SampleText {
        @Override
        public String question(Sample sample) {
            return switch (sample.task()) {
                case VTG ->
                    "When does this happen in the video: \"" + sample.query()
                            + "\"? Answer with its start and end in seconds, for example 12.54 to 17.83.";
                case LIST ->
                    "When does this happen in the video: \"" + sample.query()
                            + "\"? Answer with every start and end in seconds, for example 12.54 to 17.83, 20.00 to 21.50, "
                            + "or with none.";
                case GQA ->
                    sample.query() + "\n" + options(sample.options())
                            + "\nAnswer with the letter of the right option and the start and end, in seconds, of the moment "
                            + "that shows it, for example (A) 12.54 to 17.83.";
            };
        }

        @Override
        public String reply(Sample sample) {
            List<Interval> intervals = sample.intervals();
            String times = intervals.isEmpty()
                    ? "none"
                    : intervals.stream().map(Plain::words).collect(Collectors.joining(", "));
            return sample.answer() == null ? times : "(" + sample.answer() + ") " + times;
        }

        private static String options(List<String> options) {
            return IntStream.range(0, options.size())
                    .mapToObj(i -> "(" + (char) ('A' + i) + ") " + options.get(i))
                    .collect(Collectors.joining("\n"));
        }

        private static String words(Interval interval) {
            return seconds(interval.start()) + " to " + seconds(interval.end());
        }

        private static String seconds(double time) {
            return new BigDecimal(time).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
        }
    }
}
