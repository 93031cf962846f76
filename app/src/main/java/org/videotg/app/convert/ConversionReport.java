package org.videotg.app.convert;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.videotg.benchmarks.annotation.FileRows;
import org.videotg.benchmarks.annotation.Quirk;
import org.videotg.benchmarks.export.ExportFormat.Export;

/**
 * What the command prints about a conversion, in words and as JSON.
 *
 * @param conversion what was read
 * @param export what was written; of a check, what would be
 */
public record ConversionReport(Conversion conversion, Export export) {
    private static final int SHOWN = 20;

    /**
     * The report as one JSON object: {@code format}; the number of {@code rows} that could be read, of {@code samples}
     * and of {@code clips} among them; whether the videos were {@code searched}; what was {@code missing}, {@code
     * unreadable}, {@code different} from the annotation, {@code ambiguous}, of {@code unknownDurations}, {@code cut}, {@code cutShort} or {@code bad}; and
     * how many rows have {@code quirks}, were {@code fixed}, are {@code leftOut} or need {@code cautions}.
     */
    public Map<String, Object> json() {
        Resolution.Videos videos = conversion.found().videos();
        Resolution.Parts parts = conversion.found().parts();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("format", conversion.file().format().name());
        json.put("rows", conversion.file().annotations().size());
        json.put("samples", export.samples());
        json.put("clips", conversion.clips());
        json.put("searched", videos.searched());
        json.put("missing", conversion.missing().keySet());
        json.put("unreadable", videos.unreadable());
        json.put("different", videos.different());
        json.put("ambiguous", videos.ambiguous());
        json.put("unknownDurations", parts.unknownDurations());
        json.put("cut", parts.cut());
        json.put("cutShort", parts.cutShort());
        json.put(
                "bad",
                conversion.file().bad().stream().map(FileRows.BadRow::toString).toList());
        json.put("quirks", sizes(conversion.quirks().rows(), Quirk::key));
        json.put("fixed", sizes(conversion.fixed().rows(), Quirk::key));
        json.put("leftOut", sizes(export.leftOut(), reason -> reason));
        json.put("cautions", sizes(export.cautions(), reason -> reason));
        return json;
    }

    /** How much was written, in one line. */
    public String headline() {
        int unknown = conversion.found().parts().unknownDurations().size();
        Resolution.Videos found = conversion.found().videos();
        String videos = found.searched()
                ? conversion.missing().size() + " videos missing"
                        + some(found.unreadable(), "videos unreadable")
                        + some(found.different(), "rows other than their videos")
                : "videos not looked for";
        return export.samples() + " samples, " + (unknown > 0 ? unknown + " rows of unknown duration, " : "") + videos
                + " (read as " + conversion.file().format().name() + ")";
    }

    private static String some(Collection<String> problems, String name) {
        return problems.isEmpty() ? "" : ", " + problems.size() + " " + name;
    }

    /** What a user must know before using the file, one line each. */
    public List<String> warnings() {
        List<String> lines = new ArrayList<>();
        add(lines, conversion.file().bad().stream().map(bad -> bad + "; the row is left out"));
        add(
                lines,
                conversion.missing().entrySet().stream()
                        .map(video -> "video " + video.getKey() + " is missing (" + video.getValue() + " rows)"));
        Resolution.Parts parts = conversion.found().parts();
        add(lines, conversion.found().videos().unreadable().stream());
        add(lines, conversion.found().videos().different().stream());
        add(lines, conversion.found().videos().ambiguous().stream());
        if (parts.unknownDurations().size() == conversion.found().all().size()) {
            lines.add("no row has a duration, which a sample needs: give --durations CSV (for Charades"
                    + " Charades_v1_train.csv or Charades_v1_test.csv), or --videos DIR; without durations ends beyond the"
                    + " video are not counted");
        } else {
            add(
                    lines,
                    parts.unknownDurations().stream().map(id -> id + ": its duration is unknown; the row is left out"));
        }
        add(lines, parts.cutShort().stream().map(problem -> problem + "; the row is left out"));
        if (!parts.cut().isEmpty()) {
            lines.add(parts.cut().size()
                    + " videos are as long as the clip that is annotated and too short to hold it ("
                    + parts.cut().iterator().next()
                    + " ...): taken as cut already, their samples are about all of the file");
        }
        export.leftOut()
                .forEach((reason, ids) ->
                        lines.add(ids.size() + " samples are left out (" + ids.get(0) + " ...): " + reason));
        export.cautions()
                .forEach((reason, ids) -> lines.add(ids.size() + " samples (" + ids.get(0) + " ...): " + reason));
        return lines;
    }

    /** The quirks, clips and missing videos, one line each. */
    public List<String> quirks() {
        List<String> lines = new ArrayList<>();
        for (Quirk quirk : Quirk.values()) {
            int count = conversion.quirks().count(quirk);
            if (count > 0) {
                int fixed = conversion.fixed().count(quirk);
                lines.add(line(
                        count,
                        quirk.key(),
                        quirk.meaning() + " ("
                                + conversion.quirks().rows().get(quirk).get(0) + " ...)"
                                + (fixed > 0 ? "; fixed in " + fixed + " rows: " + quirk.fix() : "")));
            }
        }
        if (conversion.clips() > 0) {
            String meaning = "the sample is about the part of its video from video_start to video_end";
            lines.add(line(conversion.clips(), "clips", meaning));
        }
        Set<String> missing = conversion.missing().keySet();
        if (!missing.isEmpty()) {
            String more = missing.size() > SHOWN ? ", ... (--missing FILE lists them all)" : "";
            String names = missing.stream().limit(SHOWN).collect(Collectors.joining(", "));
            lines.add(line(missing.size(), "missing videos", names + more));
        }
        return lines;
    }

    private static String line(int count, String name, String text) {
        return String.format(Locale.ROOT, "  %6d %-17s %s", count, name, text);
    }

    private static void add(List<String> lines, Stream<String> some) {
        List<String> more = some.toList();
        lines.addAll(more.subList(0, Math.min(SHOWN, more.size())));
        if (more.size() > SHOWN) {
            lines.add("and " + (more.size() - SHOWN) + " more of this kind; --json lists them all");
        }
    }

    private static <T> Map<String, Integer> sizes(Map<T, List<String>> ids, Function<T, String> name) {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        ids.forEach((key, list) -> sizes.put(name.apply(key), list.size()));
        return sizes;
    }
}
