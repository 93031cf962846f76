package org.videotg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.videotg.bench.FaultFolder.Reading;
import org.videotg.bench.FaultFolder.Trust;

/**
 * Damages every kind of file that is read back and runs the commands that read it: {@code Damage FOLDER [SEED]
 * [FILE]}. Each must end with an error or a warning that names a file, or with the result of whole files; where the
 * file came from elsewhere, the result may be another one. The seed chooses the bit that is flipped; with {@code FILE}
 * only names that contain it are damaged.
 */
public final class Damage {
    private enum Kind {
        EMPTY,
        ZEROS,
        HALF,
        TAIL,
        BIT;

        byte[] of(byte[] whole, Random random) {
            return switch (this) {
                case EMPTY -> new byte[0];
                case ZEROS -> new byte[whole.length];
                case HALF -> Arrays.copyOf(whole, insideRow(whole, whole.length / 2));
                case TAIL -> Arrays.copyOf(whole, Math.max(0, whole.length - 5));
                case BIT -> {
                    byte[] flipped = whole.clone();
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                    yield flipped;
                }
            };
        }
    }

    /** A log that is cut off after a row is one of a run that was stopped there. */
    private static int insideRow(byte[] whole, int length) {
        int cut = length;
        while (cut > 1 && (whole[cut - 1] == '\n' || whole[cut] == '\n')) {
            cut--;
        }
        return cut;
    }

    private static final Duration LONGEST = Duration.ofMinutes(2);

    private Damage() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("Damage FOLDER [SEED] [FILE]", arguments, Damage::run);
    }

    private static void run(String[] arguments) throws IOException {
        FaultFolder folder = new FaultFolder(Path.of(arguments[0]));
        long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : 1;
        String only = arguments.length > 2 ? arguments[2] : "";
        folder.make();
        Map<String, Integer> counts = new HashMap<>();
        List<String> bad = new ArrayList<>();
        int trials = 0;
        for (Reading reading : folder.readings()) {
            if (!reading.toString().contains(only)) {
                continue;
            }
            folder.restore();
            String whole = folder.result(reading, folder.run(reading, LONGEST));
            for (Kind kind : Kind.values()) {
                folder.restore();
                Path file = folder.root().resolve(reading.file());
                Random random = new Random(seed + reading.toString().hashCode());
                // An empty file can't be damaged further.
                if (Files.size(file) == 0) {
                    continue;
                }
                Files.write(file, kind.of(Files.readAllBytes(file), random));
                Trial trial = folder.run(reading, LONGEST);
                String outcome = outcome(reading, trial, whole, folder);
                trials++;
                counts.merge(outcome, 1, Integer::sum);
                String line = reading + ", " + kind + ": " + outcome + " " + trial.defect()
                        + (outcome.startsWith("error") ? trial.lastLine() : "");
                System.out.println(line);
                if (outcome.equals("DEFECT") || outcome.startsWith("SILENT")) {
                    bad.add(line);
                }
            }
        }
        System.out.println(trials + " damaged files: " + counts);
        bad.forEach(System.out::println);
        System.exit(bad.isEmpty() ? 0 : 1);
    }

    private static String outcome(Reading reading, Trial trial, String whole, FaultFolder folder) throws IOException {
        if (!trial.defect().isEmpty()) {
            return "DEFECT";
        }
        String name = Path.of(reading.file()).getFileName().toString();
        if (trial.code() != 0) {
            return trial.err().contains(name) ? "error that names the file" : "error that does not name the file";
        }
        if (folder.result(reading, trial).equals(whole)) {
            return "the same result";
        }
        if (trial.err().contains(name)) {
            return "a warning that names the file";
        }
        return reading.trust() == Trust.INPUT ? "another input" : "SILENTLY DIFFERENT";
    }
}
