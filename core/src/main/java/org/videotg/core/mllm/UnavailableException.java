package org.videotg.core.mllm;

import org.videotg.core.io.OutputException;

/**
 * A model can't answer any question, such as one behind a server that is gone. No sample is to blame, so none is
 * recorded as failed: the run stops, and goes on when the model answers again.
 */
public final class UnavailableException extends OutputException {
    private static final long serialVersionUID = 1L;

    public UnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
