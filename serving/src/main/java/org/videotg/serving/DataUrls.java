package org.videotg.serving;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.web.WebException;

/**
 * The data URLs of a JSON text. They may have many megabytes, so they are cut out before the text is parsed and decoded
 * from where they lie; a short text {@code data:N} takes their place.
 */
final class DataUrls {
    private static final byte[] SCHEME = "data:".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern PLACE = Pattern.compile("data:(\\d{1,9})");
    private static final Pattern HEAD =
            Pattern.compile("data:(?:video/[\\w.+-]+|application/octet-stream)?" + "(?:;[\\w-]+=[\\w.-]+)*;base64,");
    private static final int MAX_HEAD = 200;

    private final byte[] body;
    private final List<int[]> spans = new ArrayList<>();
    private final byte[] rest;

    /** @param body JSON in UTF-8 */
    DataUrls(byte[] body) {
        this.body = body;
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        int from = 0;
        for (int at = 0; at < body.length; at++) {
            if (body[at] != '"') {
                continue;
            }
            int end = end(at + 1);
            if (isDataUrl(at + 1, end)) {
                kept.write(body, from, at + 1 - from);
                kept.writeBytes(("data:" + spans.size()).getBytes(StandardCharsets.US_ASCII));
                spans.add(new int[] {at + 1, end});
                from = end;
            }
            at = end;
        }
        kept.write(body, from, body.length - from);
        this.rest = kept.toByteArray();
    }

    /** The position of the quotation mark that ends a string, or the end of the body. */
    private int end(int from) {
        int at = from;
        while (at < body.length && body[at] != '"') {
            at += body[at] == '\\' ? 2 : 1;
        }
        return Math.min(at, body.length);
    }

    private boolean isDataUrl(int from, int to) {
        if (to - from < SCHEME.length) {
            return false;
        }
        for (int i = 0; i < SCHEME.length; i++) {
            if (body[from + i] != SCHEME[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the text without the data URLs. */
    byte[] rest() {
        return rest;
    }

    static boolean isPlace(String address) {
        return PLACE.matcher(address).matches();
    }

    /**
     * Returns the bytes of the data URL in whose place an address stands.
     *
     * @throws WebException if it is no base64 data URL of a video
     */
    InputStream decode(String address) {
        List<InputStream> parts = parts(address);
        if (parts.size() != 1) {
            throw WebException.parameter(
                    "videotg.times", "a video of several pictures needs \"videotg\": {\"times\": [...]}");
        }
        return parts.get(0);
    }

    /**
     * Returns the parts of a data URL between commas, such as the pictures of a video.
     *
     * @throws WebException if it is no base64 data URL of a video
     */
    List<InputStream> parts(String address) {
        Matcher place = PLACE.matcher(address);
        int number = place.matches() ? Integer.parseInt(place.group(1)) : -1;
        if (number < 0 || number >= spans.size()) {
            throw WebException.parameter("video_url", "a data URL must be written as plain text");
        }
        int from = spans.get(number)[0];
        int to = spans.get(number)[1];
        String start =
                new String(body, from, Math.min(MAX_HEAD, to - from), StandardCharsets.ISO_8859_1).replace("\\/", "/");
        Matcher head = HEAD.matcher(start);
        if (!head.lookingAt()) {
            throw WebException.parameter(
                    "video_url", "a data URL must begin with data:video/TYPE;base64, and hold a video");
        }
        List<InputStream> parts = new ArrayList<>();
        int begin = -1;
        for (int at = from; at <= to; at++) {
            if (at == to || body[at] == ',') {
                if (begin >= 0) {
                    parts.add(base64(begin, at));
                }
                begin = at + 1;
            }
        }
        return parts;
    }

    private InputStream base64(int from, int to) {
        // Some programs write / as \/ in JSON.
        InputStream encoded = new ByteArrayInputStream(body, from, to - from) {
            @Override
            public synchronized int read() {
                int next = super.read();
                return next == '\\' ? super.read() : next;
            }

            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                int read = super.read(target, offset, length);
                int kept = offset;
                for (int i = offset; i < offset + read; i++) {
                    if (target[i] != '\\') {
                        target[kept++] = target[i];
                    }
                }
                return read < 0 ? read : kept - offset == 0 ? read(target, offset, length) : kept - offset;
            }
        };
        return Base64.getDecoder().wrap(encoded);
    }
}
