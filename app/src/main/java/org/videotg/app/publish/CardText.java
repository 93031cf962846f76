package org.videotg.app.publish;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.Json;

/** What the cards of models and of data sets share. */
final class CardText {
    private CardText() {}

    /** A text as a value of yaml. */
    static String scalar(String text) {
        return text.matches("[A-Za-z0-9][\\w./-]*") ? text : Json.line(text);
    }

    /** Files by their names and checksums. */
    static List<String> data(String what, Map<String, String> files) {
        List<String> lines = new ArrayList<>();
        files.forEach((file, hash) ->
                lines.add("- " + what + " `" + file.replaceFirst(".*[/\\\\]", "") + "`, SHA-256 `" + hash + "`"));
        if (!lines.isEmpty()) {
            lines.add(0, "");
        }
        return lines;
    }

    /** How the data was selected, from the report of {@code select} or {@code curate}. */
    static Optional<List<String>> selection(Optional<Path> report) {
        return report.map(file -> List.of(
                "",
                "## How the data was selected",
                "",
                "The report of videotg's selection ([method](https://arxiv.org/abs/2510.23397)):",
                "",
                "```json",
                Json.pretty(LocalPaths.withoutFolders(Json.read(file))).strip(),
                "```"));
    }
}
