package org.videotg.app.command;

import org.videotg.core.mllm.Backend;
import picocli.CommandLine.Option;

/** How many samples are in flight. */
final class ParallelOption {
    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "samples in flight at a time, which a model in this process answers in one batch; default: 1, "
                            + "or for a server its setting parallel")
    private Integer parallel;

    /** What the command line says, or null. */
    Integer given() {
        return parallel;
    }

    int of(Backend.Handle model) {
        return parallel == null ? model.parallel() : Checks.atLeast(1, "--parallel", parallel);
    }
}
