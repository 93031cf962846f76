package org.videotg.training.distributed;

/** A rank was asked to stop, and all ranks leave the step that is running. */
public final class RanksStoppedException extends RuntimeException {
    public RanksStoppedException() {
        super("the ranks are being stopped");
    }
}
