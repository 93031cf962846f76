package org.videotg.bench;

import java.io.IOException;
import org.videotg.models.hub.UploadHub;

/** A hub on loopback: prints its address and runs until its input ends. */
public final class PushHub {
    private PushHub() {}

    public static void main(String[] arguments) throws IOException {
        UploadHub.main(arguments);
    }
}
