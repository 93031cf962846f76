package org.videotg.models.hub;

import org.videotg.core.io.InputException;

/** The hub can't be reached or has no time now: a copy in the cache will do instead. */
final class HubUnavailable extends InputException {
    private static final long serialVersionUID = 1L;

    HubUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
