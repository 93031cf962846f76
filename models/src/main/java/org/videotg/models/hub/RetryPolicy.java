package org.videotg.models.hub;

import java.time.Duration;
import org.videotg.models.hub.HubClient.HubUnavailable;

/**
 * How long to keep trying.
 *
 * @param attempts tries in a row that bring not a byte more, at least 1
 * @param firstWait before the second try; doubled for each one after
 * @param longestWait the most to wait at a time, also when the server asks for more
 * @param stall time without a byte after which a connection counts as cut
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration longestWait, Duration stall) {
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(60));

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1");
        }
    }

    /** The same with at most so many tries. */
    RetryPolicy upTo(int most) {
        return new RetryPolicy(Math.min(most, attempts), firstWait, longestWait, stall);
    }

    /** Before try number {@code failures + 1}. */
    Duration waitAfter(int failures) {
        Duration wait = firstWait.multipliedBy(1L << Math.min(failures - 1, 20));
        return wait.compareTo(longestWait) < 0 ? wait : longestWait;
    }

    static void sleep(Duration wait) {
        try {
            Thread.sleep(wait.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HubUnavailable("the download was interrupted; run it again to go on", e);
        }
    }
}
