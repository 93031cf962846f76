package org.videotg.core.io;

/**
 * A file that can't be written, such as on a full disk. Whoever passes over bad samples must not pass over this: the
 * sample is not to blame, and the next one would fail likewise.
 */
public class OutputException extends InputException {
    private static final long serialVersionUID = 1L;

    public OutputException(String message, Throwable cause) {
        super(message, cause);
    }
}
