package org.videotg.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.RecordShards;
import org.videotg.core.io.Sha256;
import org.videotg.core.run.ProcessUsage;

/**
 * Writes many small records into the shards of a feature cache, opens these and reads all: {@code CachedRecords OUT
 * [COUNT] [BYTES] [FILES]}. Then writes and reads {@code FILES} records as a file each. Prints seconds, processor seconds,
 * files, and the memory of the index.
 */
public final class CachedRecords {
    private final Path out;
    private final int count;
    private final int bytes;

    private CachedRecords(Path out, int count, int bytes) {
        this.out = out;
        this.count = count;
        this.bytes = bytes;
    }

    public static void main(String[] arguments) throws Exception {
        Program.run("CachedRecords OUT [COUNT] [BYTES] [FILES]", arguments, CachedRecords::run);
    }

    private static void run(String[] arguments) throws IOException {
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 100_000;
        int bytes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 4000;
        int files = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 0;
        Path out = Path.of(arguments[0]);
        AtomicFiles.deleteTree(out);
        new CachedRecords(out, count, bytes).shards();
        if (files > 0) {
            new CachedRecords(out, files, bytes).singleFiles();
        }
    }

    private static String key(int number) {
        return Sha256.of("record " + number).substring(0, 32);
    }

    private void shards() throws IOException {
        byte[] content = new byte[bytes];
        long before = heap();
        timed("written, " + count + " records of " + bytes + " bytes", () -> {
            try (RecordShards shards = RecordShards.features(out)) {
                for (int i = 0; i < count; i++) {
                    shards.append(key(i), "video " + i + ".mp4", bytes, to -> to.write(ByteBuffer.wrap(content)));
                }
            }
        });
        try (Stream<Path> files = Files.list(out.resolve("shards"))) {
            System.out.println("files: " + files.count() + "; "
                    + RecordShards.features(out).size());
        }
        RecordShards shards = RecordShards.features(out);
        timed("opened", () -> System.out.println("records found: " + shards.count()));
        System.out.printf(
                Locale.ROOT, "memory of the index: %.0f bytes a record%n", (heap() - before) / (double) count);
        timed("read", () -> {
            for (int i = 0; i < count; i++) {
                // Far from one another, as a random order is.
                RecordShards.Place place =
                        shards.find(key((int) (i * 7919L % count))).orElseThrow();
                try (FileChannel file = FileChannel.open(place.file())) {
                    file.read(ByteBuffer.allocate(bytes), place.from());
                }
            }
        });
        timed(
                "listed",
                () -> System.out.println("records listed: " + shards.list().size()));
    }

    private void singleFiles() throws IOException {
        byte[] content = new byte[bytes];
        Path folder = out.resolve("single");
        timed("written, " + count + " files of " + bytes + " bytes", () -> {
            for (int i = 0; i < count; i++) {
                AtomicFiles.write(folder.resolve(key(i)), temporary -> Files.write(temporary, content));
            }
        });
        timed("read", () -> {
            for (int i = 0; i < count; i++) {
                try (FileChannel file = FileChannel.open(folder.resolve(key((int) (i * 7919L % count))))) {
                    file.read(ByteBuffer.allocate(bytes), 0);
                }
            }
        });
    }

    /** What is timed. */
    private interface Work {
        void run() throws IOException;
    }

    private static void timed(String what, Work work) throws IOException {
        long begin = System.nanoTime();
        double cpu = ProcessUsage.cpuSeconds();
        work.run();
        System.out.printf(
                Locale.ROOT,
                "%s: %.2f s, %.2f CPU s%n",
                what,
                (System.nanoTime() - begin) / 1e9,
                ProcessUsage.cpuSeconds() - cpu);
    }

    /** Returns the bytes of live objects. */
    private static long heap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
