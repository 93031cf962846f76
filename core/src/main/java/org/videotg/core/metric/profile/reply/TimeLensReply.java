package org.videotg.core.metric.profile.reply;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.videotg.core.metric.profile.row.Span;

/**
 * TimeLens looks for clock times, then for "a - b", then for "a to b", then for any two numbers, and takes everything of the
 * first kind it finds. Source: {@code extract_time} of TencentARC/TimeLens timelens/utils.py, and its variant in lmms-eval
 * tasks/timelens/utils.py, which differs in what counts as a number of the last kind: there {@code 12.5s} is 12.0 and here 12.
 */
public final class TimeLensReply {
    private static final String END = "(?!" + Scan.WORD + ")";
    private static final String START = "(?<!" + Scan.WORD + ")";
    private static final String FRACTION = "(?:\\.[0-9]++" + END + "|" + END + ")";
    private static final Pattern CLOCK = Pattern.compile(START + "([0-9]{1,2}:[0-9]{2}:[0-9]{2}" + FRACTION
            + "|[0-9]{1,2}:[0-9]{2}" + FRACTION + ")");
    private static final Pattern DASH = Pattern.compile(Scan.FRESH + Scan.LOOSE + Scan.SPACE + "*+-" + Scan.SPACE + "*+"
            + Scan.LOOSE);
    private static final Pattern TO = Pattern.compile(Scan.FRESH + Scan.LOOSE + Scan.SPACE + "++to" + Scan.SPACE + "++"
            + Scan.LOOSE);
    private static final Pattern NUMBER = Pattern.compile(START + "([0-9]++\\.[0-9]++" + END + "|[0-9]++" + END + ")");
    private static final Pattern LMMS_NUMBER = Pattern.compile(START + "([0-9]++(?:\\.[0-9]++" + END + "|\\.(?=" + Scan.WORD
            + ")|"
            + END + "))");

    private TimeLensReply() {}

    /** Every pair, as TimeLens reads them. */
    public static List<Span> read(String reply) {
        return read(reply, NUMBER);
    }

    /** Every pair, as lmms-eval's timelens tasks read them. */
    public static List<Span> readAsLmmsEval(String reply) {
        return read(reply, LMMS_NUMBER);
    }

    private static List<Span> read(String reply, Pattern number) {
        String text = Scan.asciiDigits(reply.toLowerCase(Locale.ROOT));
        List<Span> spans = Scan.inPairs(Scan.all(CLOCK, text).stream().map(Scan::clock).toList());
        for (Pattern pattern : List.of(DASH, TO)) {
            spans = spans.isEmpty() ? Scan.pairs(pattern, text) : spans;
        }
        return spans.isEmpty() ? Scan.inPairs(Scan.all(number, text).stream().map(Double::valueOf).toList()) : spans;
    }
}
