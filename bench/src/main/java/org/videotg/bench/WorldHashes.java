package org.videotg.bench;

import java.nio.file.Path;
import org.videotg.app.project.DataSet;
import org.videotg.app.project.Project;
import org.videotg.core.io.InputException;
import org.videotg.smallworld.WorldWriter;

/**
 * Prints the small worlds of a project, a row {@code DATA SEED SHA-256} each: {@code WorldHashes PROJECT}. The hash is
 * that of the world's samples and planted truth ({@link WorldWriter#fingerprint}); no video is rendered.
 */
public final class WorldHashes {
    private WorldHashes() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("WorldHashes PROJECT", arguments, WorldHashes::run);
    }

    private static void run(String[] arguments) {
        Project project = Project.read(Path.of(arguments[0]));
        for (DataSet data : project.data()) {
            if (data.world() == null) {
                throw new InputException("data \"" + data.name() + "\" is no small world");
            }
            for (long seed : project.seeds()) {
                System.out.println(data.name() + " " + seed + " "
                        + WorldWriter.fingerprint(data.world().settings(seed)));
            }
        }
    }
}
