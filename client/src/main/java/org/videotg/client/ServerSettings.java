package org.videotg.client;

import java.time.Duration;
import java.util.Map;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;

/** How a server is asked. */
public record ServerSettings(
        @Setting(value = "kind of the server; auto asks the server", defaultValue = "auto")
        ServerKind kind,

        @Setting(value = "how videos travel; auto is the form of the server's kind", defaultValue = "auto")
        VideoForm video,

        @Setting(
                value = "folder of the forms path and spread, which the server sees at the same path; default: the"
                        + " system's folder for temporary files")
        String folder,

        @Setting(value = "samples in flight where --parallel is not given", defaultValue = "8", range = "at least 1")
        int parallel,

        @Setting(value = "seconds that an answer may take", defaultValue = "600", range = "above 0")
        double timeout,

        @Setting(
                value = "attempts at a question that the server answers wrongly or not in time",
                defaultValue = "5",
                range = "at least 1")
        int attempts,

        @Setting(
                value = "seconds that the server may be away, or too busy, before the run stops",
                defaultValue = "900",
                range = "at least 0")
        double patience,

        @Setting(
                value = "seconds before the second attempt; doubled for each further one",
                key = "first_wait",
                defaultValue = "1",
                range = "above 0")
        double firstWait,

        @Setting(
                value = "longest wait between attempts in seconds",
                key = "longest_wait",
                defaultValue = "30",
                range = "above 0")
        double longestWait) {
    /** The default of every key. */
    static final ServerSettings DEFAULT = Settings.defaults(ServerSettings.class);

    public ServerSettings {
        Settings.check(
                ServerSettings.class,
                kind,
                video,
                folder,
                parallel,
                timeout,
                attempts,
                patience,
                firstWait,
                longestWait);
        if (longestWait < firstWait) {
            throw new InputException("\"longest_wait\" must be at least \"first_wait\"");
        }
        if (video == VideoForm.UPLOAD && kind != ServerKind.AUTO && kind != ServerKind.VIDEOTG) {
            throw new InputException("\"video\" upload is a form of the kind videotg only");
        }
        if (video == VideoForm.SPREAD && kind != ServerKind.AUTO && kind != ServerKind.TRANSFORMERS) {
            throw new InputException("\"video\" spread is a form of the kind transformers only");
        }
        if (video == VideoForm.SEQUENCE && kind != ServerKind.AUTO && kind != ServerKind.VLLM) {
            throw new InputException("\"video\" sequence is a form of the kind vllm only");
        }
    }

    /** Reads settings given as texts. */
    static ServerSettings of(Map<String, String> texts) {
        return Settings.change(DEFAULT, texts, "settings of the server");
    }

    /** Returns a number of seconds of these settings. */
    static Duration seconds(double seconds) {
        return Duration.ofNanos((long) (1e9 * seconds));
    }
}
