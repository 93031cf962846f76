package org.videotg.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.videotg.bench.FaultFolder.Reading;

/**
 * Changes inputs at random and runs the commands that read them in this process: {@code Mutations FOLDER [COUNT] [SEED]},
 * 1,000 and 1 by default. A command must end within 30 seconds of the CPU, with exit code 0, or 1 and an error that is no defect of
 * videotg; the process may take 2 GiB of memory. If it dies, the line before says which mutation it was, and FOLDER holds
 * the changed file.
 */
public final class Mutations {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final long MOST_KIBIBYTES = 2L << 20;
    private static final Pattern NUMBER = Pattern.compile("-?[0-9][0-9.eE+-]*");
    private static final Pattern TEXT = Pattern.compile("\"[^\"\\\\]{0,200}\"");
    private static final List<String> VALUES = List.of(
            "-1",
            "0",
            "1e308",
            "-0.0",
            "9223372036854775807",
            "2147483648",
            "NaN",
            "null",
            "true",
            "\"\"",
            "[]",
            "{}",
            "[[[[]]]]",
            "\"\\u0000\"",
            "\"../../x\"",
            "\"" + "a".repeat(100_000) + "\"",
            "\"" + " ".repeat(100_000) + "\"",
            "[".repeat(5_000),
            "1" + "0".repeat(5_000));

    private Mutations() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("Mutations FOLDER [COUNT] [SEED]", arguments, Mutations::run);
    }

    private static void run(String[] arguments) throws IOException {
        FaultFolder folder = new FaultFolder(Path.of(arguments[0]));
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1000;
        long seed = arguments.length > 2 ? Long.parseLong(arguments[2]) : 1;
        folder.make();
        // Training reads the same files in child processes; a dry run reads them here.
        List<Reading> readings = folder.readings().stream()
                .filter(reading -> !reading.command().contains(" --resume "))
                .toList();
        int refused = 0;
        int problems = 0;
        for (int i = 0; i < count; i++) {
            Random random = new Random(seed * 1_000_003 + i);
            Reading reading = readings.get(i % readings.size());
            folder.restore();
            Path file = folder.root().resolve(reading.file());
            byte[] bytes = Files.readAllBytes(file);
            for (int change = 0; change <= random.nextInt(3); change++) {
                bytes = change(bytes, file.toString().matches(".*\\.(mp4|safetensors|pack)"), random);
            }
            Files.write(file, bytes);
            System.out.println(i + ": " + reading);
            Trial trial = folder.run(reading, LONGEST);
            refused += trial.code() == 0 ? 0 : 1;
            if (!trial.defect().isEmpty()) {
                problems++;
                System.out.println("PROBLEM " + i + ": " + reading + ": " + trial.defect());
                Files.copy(file, Path.of(arguments[0], "mutation-" + seed + "-" + i + "-" + file.getFileName()));
            }
        }
        long peak = peakKibibytes();
        System.out.println(count + " mutations, seed " + seed + ": " + refused + " refused, " + problems
                + " problems, at most " + (peak >> 10) + " MiB resident");
        System.exit(problems == 0 && peak <= MOST_KIBIBYTES ? 0 : 1);
    }

    private static byte[] change(byte[] bytes, boolean binary, Random random) {
        if (bytes.length == 0) {
            return new byte[] {(byte) random.nextInt()};
        }
        // Headers of binary files decide more than their data.
        int end = binary && random.nextBoolean() ? Math.min(bytes.length, 4096) : bytes.length;
        int at = random.nextInt(end);
        int length = Math.min(bytes.length - at, 1 + random.nextInt(64));
        byte[] changed = bytes.clone();
        switch (random.nextInt(binary ? 6 : 8)) {
            case 0 -> changed[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> changed[at] = (byte) random.nextInt();
            case 2 -> Arrays.fill(changed, at, at + Math.min(length, 8), (byte) (random.nextBoolean() ? 0xFF : 0x7F));
            case 3 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 4 -> {
                return join(bytes, at, new byte[0], at + length);
            }
            case 5 -> {
                return join(bytes, at, Arrays.copyOfRange(bytes, at, at + length), at);
            }
            default -> {
                return value(new String(bytes, StandardCharsets.UTF_8), random).getBytes(StandardCharsets.UTF_8);
            }
        }
        return changed;
    }

    private static byte[] join(byte[] bytes, int to, byte[] between, int from) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.write(bytes, 0, to);
        joined.writeBytes(between);
        joined.write(bytes, from, bytes.length - from);
        return joined.toByteArray();
    }

    /** Puts an odd value in the place of a number or a text. */
    private static String value(String text, Random random) {
        List<MatchResult> places = new ArrayList<>();
        for (Pattern pattern : List.of(NUMBER, TEXT)) {
            pattern.matcher(text).results().limit(20_000).forEach(places::add);
        }
        if (places.isEmpty()) {
            return text + VALUES.get(random.nextInt(VALUES.size()));
        }
        MatchResult place = places.get(random.nextInt(places.size()));
        return text.substring(0, place.start())
                + VALUES.get(random.nextInt(VALUES.size()))
                + text.substring(place.end());
    }

    private static long peakKibibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmHWM"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
    }
}
