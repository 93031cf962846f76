package org.videotg.app.command;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Part;
import picocli.CommandLine.Option;

/** Which part of the data this process does. */
final class PartOption {
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

    @Option(
            names = "--part",
            paramLabel = "I/N",
            defaultValue = "1/1",
            description = "do the I-th of N equal parts, which are every N-th video; default: everything")
    private String part;

    Part get() {
        Matcher numbers = PART.matcher(part);
        int mine = numbers.matches() ? Integer.parseInt(numbers.group(1)) : 0;
        int parts = numbers.matches() ? Integer.parseInt(numbers.group(2)) : 0;
        if (mine < 1 || mine > parts) {
            throw new InputException("--part must be like 1/2, not \"" + part + "\"");
        }
        return new Part(mine, parts);
    }
}
