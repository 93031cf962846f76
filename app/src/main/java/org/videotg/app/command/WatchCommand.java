package org.videotg.app.command;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.watch.WatchServer;
import org.videotg.app.watch.WatchedRuns;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The page that shows training runs while they train. */
@Command(
        name = "watch",
        description = {
            "Show training runs in a browser while they train, and after: reward, its parts, speed, memory, time left, and "
                    + "the replies of the last steps with their rewards.",
            "The page is served to this machine only, until the command is stopped. It reads the runs' files and changes "
                    + "nothing."
        },
        footer = {"", "Example:", "  ./videotg watch runs/mine runs/other", "  ./videotg watch videotg-runs/demo"})
final class WatchCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(WatchCommand.class);

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            description =
                    "folder of a training run, or of a project, all of whose arms are shown; it may be made later")
    private List<Path> runs;

    @Option(
            names = "--port",
            paramLabel = "P",
            defaultValue = "8711",
            description = "port of the page, 0 for a free one; default: ${DEFAULT-VALUE}")
    private int port;

    @Override
    public Integer call() {
        WatchedRuns watched = new WatchedRuns(runs, Clock.systemUTC());
        watched.missing().forEach(folder -> LOG.info("{} does not exist yet; the page waits for it", folder));
        LOG.info("training runs found: {}", watched.find());
        try (WatchServer server = WatchServer.start(watched, port)) {
            System.out.println("watch: " + server.page() + " (end it with Ctrl-C)");
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return 0;
    }
}
