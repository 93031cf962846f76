package org.videotg.app.convert;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.videotg.benchmarks.annotation.BadRow;
import org.videotg.benchmarks.annotation.Quirk;
import org.videotg.benchmarks.annotation.Quirks;
import org.videotg.benchmarks.export.Export;

/**
 * What the command prints about a conversion, in words and as JSON.
 *
 * @param conversion what was read
 * @param export what was written; of a check, what would be
 */
public record ConversionReport(Conversion conversion, Export export) {
    private static final int SHOWN = 20;

    /**
     * The JSON form.
     *
     * @param format name of the format that was read
     * @param rows how many sentences were whole
     * @param samples how many were written
     * @param clips how many of the samples are about a part of their video file
     * @param searched whether the videos were looked for
     * @param missing names of videos without a file
     * @param quirks rows by quirk
     * @param fixed rows changed or dropped by fix
     * @param leftOut samples that the written format can't state, by reason
     * @param cautions samples of which a trainer that reads the file won't see everything, by reason
     */
    public record Json(
            String format,
            int rows,
            int samples,
            int clips,
            boolean searched,
            List<String> missing,
            List<String> unreadable,
            List<String> ambiguous,
            List<String> unknownDurations,
            List<String> cut,
            List<String> cutShort,
            List<String> bad,
            Map<String, Integer> quirks,
            Map<String, Integer> fixed,
            Map<String, Integer> leftOut,
            Map<String, Integer> cautions) {}

    public Json json() {
        return new Json(
                conversion.file().format().name(),
                conversion.file().annotations().size(),
                export.samples(),
                conversion.clips(),
                conversion.searched(),
                List.copyOf(conversion.missing().keySet()),
                conversion.unreadable(),
                conversion.ambiguous(),
                conversion.unknownDurations(),
                conversion.cut(),
                conversion.cutShort(),
                conversion.file().bad().stream().map(BadRow::toString).toList(),
                counts(conversion.quirks()),
                counts(conversion.fixed()),
                sizes(export.leftOut()),
                sizes(export.cautions()));
    }

    /** How much was written, in one line. */
    public String headline() {
        String videos =
                conversion.searched() ? conversion.missing().size() + " videos missing" : "videos not looked for";
        return export.samples() + " samples, " + videos + " (read as "
                + conversion.file().format().name() + ")";
    }

    /** What a user must know before using the file, one line each. */
    public List<String> warnings() {
        List<String> lines = new ArrayList<>();
        add(lines, conversion.file().bad().stream().map(bad -> bad + "; the row is left out"));
        add(
                lines,
                conversion.missing().entrySet().stream()
                        .map(video -> "video " + video.getKey() + " is missing (" + video.getValue() + " rows)"));
        add(lines, conversion.unreadable().stream());
        add(lines, conversion.ambiguous().stream());
        add(
                lines,
                conversion.unknownDurations().stream()
                        .map(id -> id + ": its duration is unknown; the row is left out"));
        add(lines, conversion.cutShort().stream().map(problem -> problem + "; the row is left out"));
        if (!conversion.cut().isEmpty()) {
            lines.add(conversion.cut().size()
                    + " videos are as long as the clip that is annotated and too short to hold it ("
                    + conversion.cut().get(0) + " ...): taken as cut already, their samples are about all of the file");
        }
        export.leftOut()
                .forEach((reason, ids) ->
                        lines.add(ids.size() + " samples are left out (" + ids.get(0) + " ...): " + reason));
        export.cautions()
                .forEach((reason, ids) -> lines.add(ids.size() + " samples (" + ids.get(0) + " ...): " + reason));
        return lines;
    }

    /** The quirks, one line each. */
    public List<String> quirks() {
        List<String> lines = new ArrayList<>();
        for (Quirk quirk : Quirk.values()) {
            int count = conversion.quirks().count(quirk);
            if (count > 0) {
                int fixed = conversion.fixed().count(quirk);
                lines.add(String.format(
                        Locale.ROOT,
                        "  %6d %-17s %s (%s ...)%s",
                        count,
                        quirk.label(),
                        quirk.meaning(),
                        conversion.quirks().rows().get(quirk).get(0),
                        fixed > 0 ? "; fixed in " + fixed + " rows: " + quirk.fix() : ""));
            }
        }
        if (conversion.clips() > 0) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %6d %-17s %s",
                    conversion.clips(),
                    "clips",
                    "the sample is about the part of its video from video_start to video_end"));
        }
        return lines;
    }

    private static void add(List<String> lines, Stream<String> some) {
        List<String> more = some.toList();
        lines.addAll(more.subList(0, Math.min(SHOWN, more.size())));
        if (more.size() > SHOWN) {
            lines.add("and " + (more.size() - SHOWN) + " more of this kind; --json lists them all");
        }
    }

    private static Map<String, Integer> counts(Quirks quirks) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        quirks.rows().forEach((quirk, ids) -> counts.put(quirk.label(), ids.size()));
        return counts;
    }

    private static Map<String, Integer> sizes(Map<String, List<String>> ids) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        ids.forEach((reason, list) -> sizes.put(reason, list.size()));
        return sizes;
    }
}
