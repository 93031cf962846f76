package org.videotg.training.distributed;

/** Another rank is gone, stopped, stuck or has failed; the message names rank, host and cause. */
public final class RankLostException extends RuntimeException {
    /** Exit code of a rank that ends for this reason: that of temporary failures in BSD's sysexits. */
    public static final int EXIT_CODE = 75;

    RankLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
