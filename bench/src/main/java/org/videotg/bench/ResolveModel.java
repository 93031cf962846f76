package org.videotg.bench;

import org.videotg.models.hub.HubModels;

/** Prints the local folder of a model on the hub: {@code ResolveModel ORGANISATION/NAME[@REVISION]}. */
public final class ResolveModel {
    private ResolveModel() {}

    public static void main(String[] arguments) throws Exception {
        Program.run(
                "ResolveModel ORGANISATION/NAME[@REVISION]",
                arguments,
                given -> System.out.println(HubModels.folder(given[0])));
    }
}
