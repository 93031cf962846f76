package org.videotg.app.command;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.joran.spi.ConsoleTarget;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What is logged: progress, notes and warnings go to standard error as plain lines; results go to standard output
 * without a logger. The system property {@code logback.configurationFile} names a configuration of one's own. In code
 * rather than a file, since reading one takes a fifth of a short command.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogLines extends ContextAwareBase implements Configurator {
    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Lines lines = new Lines();
        lines.setContext(context);
        lines.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(lines);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setTarget(ConsoleTarget.SystemErr.getName());
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger("ROOT").setLevel(Level.WARN);
        context.getLogger("ROOT").addAppender(appender);
        context.getLogger("org.videotg").setLevel(Level.INFO);
        // It reports where it keeps its native library.
        context.getLogger("ai.djl").setLevel(Level.ERROR);
        // It warns that FFmpeg's version (docs/dependencies.md) is not its own.
        context.getLogger("org.bytedeco.javacpp").setLevel(Level.ERROR);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private static final class Lines extends LayoutBase<ILoggingEvent> {
        @Override
        public String doLayout(ILoggingEvent event) {
            String prefix = event.getLevel().isGreaterOrEqual(Level.ERROR)
                    ? "error: "
                    : event.getLevel().isGreaterOrEqual(Level.WARN) ? "warning: " : "";
            String failure = event.getThrowableProxy() == null
                    ? ""
                    : ThrowableProxyUtil.asString(event.getThrowableProxy()) + System.lineSeparator();
            return prefix + event.getFormattedMessage() + System.lineSeparator() + failure;
        }
    }
}
