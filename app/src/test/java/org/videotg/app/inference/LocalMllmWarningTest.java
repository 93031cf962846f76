package org.videotg.app.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.videotg.app.command.RandomModel;
import org.videotg.models.generate.LocalMllm;

/** What a user of the library learns about the small model. */
class LocalMllmWarningTest {
    @TempDir
    Path folder;

    @Test
    void theSmallModelIsWarnedAboutOnce() {
        Path model = RandomModel.create(folder.resolve("model"));
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(LocalMllm.class);
        logger.addAppender(logged);
        logged.start();
        try {
            for (int i = 0; i < 2; i++) {
                LocalMllm.open(model, folder.resolve("features")).close();
            }
        } finally {
            logger.detachAppender(logged);
        }
        assertEquals(1, logged.list.size(), logged.list.toString());
        String warning = logged.list.get(0).getFormattedMessage();
        assertTrue(warning.contains("knows the videos of the small world only"), warning);
    }
}
