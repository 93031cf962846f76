package org.videotg.app.command;

import picocli.CommandLine.Option;

/** How thoroughly videos are checked. */
final class DeepOption {
    @Option(
            names = "--deep",
            negatable = true,
            description =
                    "decode every frame when videos are checked before the work, which finds damage in the middle "
                            + "of a file; default: only open them (train --dry-run: decode)")
    private Boolean deep;

    boolean orElse(boolean standard) {
        return deep == null ? standard : deep;
    }
}
