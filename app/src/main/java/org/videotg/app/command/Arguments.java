package org.videotg.app.command;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** The command line as it was given, for manifests. */
final class Arguments {
    private Arguments() {}

    static List<String> of(CommandSpec spec) {
        List<String> command = new ArrayList<>(List.of("videotg"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return command;
    }
}
