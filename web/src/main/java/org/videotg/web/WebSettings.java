package org.videotg.web;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.videotg.core.io.InputException;

/**
 * Where a server listens, who may ask it, and what it bears.
 *
 * @param host address to listen on; any but a loopback address needs a key
 * @param port 0 for a free one
 * @param key what a client must present: as {@code Authorization: Bearer KEY}, or once as {@code ?key=KEY}, which the
 *     server turns into a cookie; at least {@value #MIN_KEY} characters
 * @param names names under which clients reach the server, besides {@code localhost} and addresses: those of a reverse
 *     proxy, for example; they need a key
 */
public record WebSettings(String host, int port, Optional<String> key, Set<String> names, Limits limits) {
    private static final int MIN_KEY = 16;

    public WebSettings {
        names = Set.copyOf(names);
        if (port < 0 || port > 65535) {
            throw new InputException("port " + port + " does not exist; give one from 1 to 65535, or 0 for a free one");
        }
        if (key.isPresent()
                && (key.get().length() < MIN_KEY || !key.get().chars().allMatch(c -> c > ' ' && c < 127))) {
            throw new InputException("the key must have at least " + MIN_KEY
                    + " visible ASCII characters without spaces, such as the output of: openssl rand -hex 24");
        }
        if (key.isEmpty() && !address(host).isLoopbackAddress()) {
            throw new InputException(
                    "listening on " + host + " lets other machines ask; give a key, or listen on" + " 127.0.0.1 only");
        }
        if (key.isEmpty() && !names.isEmpty()) {
            throw new InputException(
                    "under the name " + names.iterator().next() + " other machines may ask; give a key, or no name");
        }
    }

    /** Listens on this machine only, without a key. */
    public static WebSettings loopback(int port) {
        return new WebSettings("127.0.0.1", port, Optional.empty(), Set.of(), Limits.DEFAULT);
    }

    /** Returns a random key; a type-4 UUID has 122 bits from the platform's secure generator. */
    public static String newKey() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /** Returns these settings with a key. */
    public WebSettings withKey(String wanted) {
        return new WebSettings(host, port, Optional.of(wanted), names, limits);
    }

    /** Returns these settings with other limits. */
    public WebSettings withLimits(Limits wanted) {
        return new WebSettings(host, port, key, names, wanted);
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InputException("address " + host + " is not known; give one of this machine's", e);
        }
    }

    /**
     * What a server bears. Whoever asks for more is refused, and others are not.
     *
     * @param bodyBytes of one request's body, except on routes for uploads
     * @param bodyTime within which a body must have arrived
     * @param bodiesBytes of all bodies held in memory at a time
     * @param time from a request's body to its answer
     * @param inWork requests at work or waiting for it at a time; a further one gets 503 with Retry-After
     */
    public record Limits(long bodyBytes, Duration bodyTime, long bodiesBytes, Duration time, int inWork) {
        /** Bodies of 64 MiB in a minute, 256 MiB of them at a time, 10 minutes for an answer, 32 requests at work. */
        public static final Limits DEFAULT =
                new Limits(64L << 20, Duration.ofMinutes(1), 256L << 20, Duration.ofMinutes(10), 32);

        public Limits {
            if (bodyBytes < 1 || bodiesBytes < bodyBytes || bodyBytes > Integer.MAX_VALUE - 8) {
                throw new InputException("bodies must have at least 1 byte and less than 2 GiB, and all together at"
                        + " least as many bytes as one");
            }
            if (bodyTime.isNegative() || bodyTime.isZero() || time.isNegative() || time.isZero() || inWork < 1) {
                throw new InputException("times and numbers of requests must be above 0");
            }
        }
    }
}
