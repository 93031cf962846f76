package org.videotg.bench;

import org.videotg.core.io.InputException;
import org.videotg.models.hub.HubModels;

/** Prints the folder of a model that is given by its name: {@code ResolveModel ORGANISATION/NAME[@REVISION]}. */
public final class ResolveModel {
    private ResolveModel() {}

    public static void main(String[] arguments) {
        try {
            System.out.println(HubModels.folder(arguments[0]));
        } catch (InputException e) {
            System.err.println("error: " + e.getMessage());
            System.exit(1);
        }
    }
}
