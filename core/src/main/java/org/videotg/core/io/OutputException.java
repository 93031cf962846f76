package org.videotg.core.io;

/**
 * A failure of the machine, such as a full disk or a folder that is removed during a run. Whoever passes over bad
 * samples must not pass over this: the sample is not to blame, and the next one would fail likewise.
 */
public class OutputException extends InputException {
    private static final long serialVersionUID = 1L;

    public OutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
