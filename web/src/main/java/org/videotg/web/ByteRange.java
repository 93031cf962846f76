package org.videotg.web;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file.
 *
 * @param first byte of it
 * @param length in bytes
 * @param part whether it was asked for (206), not the whole file
 */
record ByteRange(long first, long length, boolean part) {
    private static final Pattern SINGLE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

    /**
     * Reads a header {@code Range}. What is no single range of bytes is ignored, as RFC 9110 allows.
     *
     * @return nothing if the range lies outside the file
     */
    static Optional<ByteRange> of(String header, long size) {
        Matcher range = SINGLE.matcher(header == null ? "" : header.strip());
        if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
            return Optional.of(new ByteRange(0, size, false));
        }
        long first;
        long last = size - 1;
        if (range.group(1).isEmpty()) {
            long suffix = Long.parseLong(range.group(2));
            first = Math.max(0, size - suffix);
            if (suffix == 0) {
                return Optional.empty();
            }
        } else {
            first = Long.parseLong(range.group(1));
            if (!range.group(2).isEmpty()) {
                long end = Long.parseLong(range.group(2));
                if (end < first) {
                    return Optional.of(new ByteRange(0, size, false));
                }
                last = Math.min(end, last);
            }
        }
        return first >= size ? Optional.empty() : Optional.of(new ByteRange(first, last - first + 1, true));
    }
}
