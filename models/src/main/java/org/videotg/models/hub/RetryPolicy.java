package org.videotg.models.hub;

import java.time.Duration;
import org.videotg.models.hub.HubClient.HubUnavailable;

/**
 * How often and for how long requests are retried.
 *
 * @param attempts attempts in a row without a new byte, at least 1
 * @param firstWait before the second attempt; doubled for each further one
 * @param longestWait longest wait between attempts, also if the server asks for more
 * @param stall time without a byte after which a connection counts as broken
 */
public record RetryPolicy(int attempts, Duration firstWait, Duration longestWait, Duration stall) {
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(6, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofSeconds(60));

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1");
        }
    }

    /** Returns this policy with at most this many attempts. */
    RetryPolicy upTo(int most) {
        return new RetryPolicy(Math.min(most, attempts), firstWait, longestWait, stall);
    }

    /** Returns the wait after so many failures. */
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
