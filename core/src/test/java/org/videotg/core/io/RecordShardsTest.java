package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordShardsTest {
    private static final long MUCH = 1L << 40;

    @TempDir
    private Path folder;

    private RecordShards open(long bytes, long shardBytes) {
        return new RecordShards(new RecordShards.Settings(folder, ".old", bytes, shardBytes));
    }

    private static String key(int number) {
        return Sha256.of("key " + number).substring(0, 32);
    }

    /** Returns a content that tells its key and version. */
    private static byte[] content(int number, int version) {
        Random random = new Random(31L * number + version);
        byte[] bytes = new byte[random.nextInt(500)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void append(RecordShards shards, int number, byte[] content) {
        shards.append(key(number), "record " + number, content.length, out -> out.write(ByteBuffer.wrap(content)));
    }

    private static Optional<byte[]> read(RecordShards shards, int number) {
        return shards.find(key(number)).map(place -> {
            ByteBuffer bytes = ByteBuffer.allocate((int) place.length());
            try (FileChannel channel = FileChannel.open(place.file())) {
                channel.read(bytes, place.from());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            assertEquals(0, bytes.remaining());
            return bytes.array();
        });
    }

    private List<Path> packs() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("shards"))) {
            return files.filter(file -> file.toString().endsWith(".pack"))
                    .sorted()
                    .toList();
        }
    }

    private static void equal(Map<Integer, byte[]> oracle, RecordShards shards) {
        oracle.forEach((number, content) ->
                assertArrayEquals(content, read(shards, number).orElse(null), "record " + number));
        assertEquals(oracle.size(), shards.count());
    }

    @Test
    void severalViewsAgreeWithAMap() throws IOException {
        Random random = new Random(1);
        Map<Integer, byte[]> oracle = new HashMap<>();
        List<RecordShards> views = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            views.add(open(MUCH, 4000));
        }
        for (int version = 0; version < 500; version++) {
            RecordShards view = views.get(random.nextInt(views.size()));
            int number = random.nextInt(200);
            // A view finds a record of another; that it was appended again it need not know before it is opened again.
            assertEquals(oracle.containsKey(number), read(view, number).isPresent());
            if (!oracle.containsKey(number) || random.nextInt(4) == 0) {
                byte[] content = content(number, version);
                append(view, number, content);
                assertArrayEquals(content, read(view, number).orElseThrow());
                oracle.put(number, content);
                pause(view, random);
            }
        }
        try (RecordShards again = open(MUCH, 4000)) {
            equal(oracle, again);
            RecordShards.Listed listed = again.list().get(0);
            assertTrue(listed.name().startsWith("record "), listed.toString());
        }
        views.forEach(RecordShards::close);
        equal(oracle, open(MUCH, 4000));
        assertTrue(packs().size() > 10, "shards are full");
    }

    /** Two appends in the same millisecond to shards of two views would leave open which one counts. */
    private static void pause(RecordShards view, Random random) {
        try {
            Thread.sleep(1, 100_000);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        if (random.nextInt(10) == 0) {
            view.close();
        }
    }

    @Test
    void processesAndThreadsAppendAtOnce() throws Exception {
        List<Process> processes = new ArrayList<>();
        for (int first : new int[] {0, 1000}) {
            processes.add(new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            System.getProperty("java.class.path"),
                            Appender.class.getName(),
                            folder.toString(),
                            String.valueOf(first))
                    .inheritIO()
                    .start());
        }
        RecordShards shared = open(MUCH, 20_000);
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (int first : new int[] {2000, 2500}) {
            threads.add(new FutureTask<>(() -> {
                for (int number = first; number < first + 500; number++) {
                    append(shared, number, content(number, 0));
                    int other = (number - first) * 2;
                    read(shared, other).ifPresent(found -> assertArrayEquals(content(other, 0), found));
                }
                return null;
            }));
        }
        threads.forEach(task -> new Thread(task).start());
        for (FutureTask<Void> task : threads) {
            task.get(60, TimeUnit.SECONDS);
        }
        for (Process process : processes) {
            assertEquals(0, process.waitFor());
        }
        Map<Integer, byte[]> oracle = new HashMap<>();
        IntStream.range(0, 3000).forEach(number -> oracle.put(number, content(number, 0)));
        equal(oracle, shared);
        equal(oracle, open(MUCH, 20_000));
        shared.close();
    }

    /** Appends a thousand records and is killed while it writes another one. */
    static final class Appender {
        public static void main(String[] arguments) {
            int first = Integer.parseInt(arguments[1]);
            RecordShards shards = new RecordShards(new RecordShards.Settings(Path.of(arguments[0]), "", MUCH, 20_000));
            for (int number = first; number < first + 1000; number++) {
                append(shards, number, content(number, 0));
            }
            shards.append(key(-1), "", 1000, out -> {
                out.write(ByteBuffer.allocate(10));
                Runtime.getRuntime().halt(0);
            });
        }
    }

    @Test
    void anIncompleteRecordIsNotSeenAndCutOff() throws IOException {
        try (RecordShards shards = open(MUCH, MUCH)) {
            append(shards, 0, content(0, 0));
            append(shards, 1, content(1, 0));
        }
        Path pack = packs().get(0);
        byte[] whole = Files.readAllBytes(pack);
        int first = whole.length;
        try (RecordShards shards = open(MUCH, MUCH)) {
            append(shards, 2, content(2, 0));
        }
        byte[] third = Files.readAllBytes(pack);
        for (int length = first; length < third.length; length += 31) {
            for (byte[] left :
                    List.of(Arrays.copyOf(third, length), Arrays.copyOf(Arrays.copyOf(third, first), length))) {
                Files.write(pack, left);
                RecordShards reader = open(MUCH, MUCH);
                assertTrue(read(reader, 2).isEmpty());
                try (RecordShards shards = open(MUCH, MUCH)) {
                    append(shards, 3, content(3, 0));
                }
                equal(Map.of(0, content(0, 0), 1, content(1, 0), 3, content(3, 0)), open(MUCH, MUCH));
                assertArrayEquals(content(3, 0), read(reader, 3).orElseThrow());
                assertEquals(List.of(pack), packs());
            }
        }
    }

    @Test
    void aFlippedBitCostsOneRecordAtMost() throws IOException {
        try (RecordShards shards = open(MUCH, 3000)) {
            for (int number = 0; number == 0 || packs().size() < 2; number++) {
                append(shards, number, content(number, 0));
            }
        }
        Path pack = packs().get(0);
        byte[] whole = Files.readAllBytes(pack);
        int all = open(MUCH, 3000).count();
        for (int at = 0; at < whole.length; at += 23) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 4;
            Files.write(pack, damaged);
            int wrong = 0;
            RecordShards shards = open(MUCH, 3000);
            for (int number = 0; number < all; number++) {
                wrong += Arrays.equals(content(number, 0), read(shards, number).orElse(null)) ? 0 : 1;
            }
            assertTrue(wrong <= 1, at + ": " + wrong);
        }
        // Without its end a shard has no index, and is read record by record, damaged ones passed over.
        byte[] cut = Arrays.copyOf(whole, whole.length - 1);
        cut[3] ^= 1;
        Files.write(pack, cut);
        assertEquals(all - 1, open(MUCH, 3000).count());
    }

    /** Appending a record again replaces it everywhere, also when clocks differ. */
    @Test
    void aRecordIsReplaced() {
        try (RecordShards one = open(MUCH, 100)) {
            append(one, 1, new byte[] {1});
            append(one, 1, new byte[] {2});
            append(one, 1, new byte[] {3});
            assertArrayEquals(new byte[] {3}, read(one, 1).orElseThrow());
            assertArrayEquals(new byte[] {3}, read(open(MUCH, 100), 1).orElseThrow());
        }
    }

    @Test
    void whatWasUsedLongestAgoIsRemoved() throws IOException {
        Path old = Files.write(folder.resolve("x.old"), new byte[3000]);
        Files.setLastModifiedTime(old, FileTime.fromMillis(1));
        Path foreign = Files.write(folder.resolve("x.jsonl"), new byte[9000]);
        try (RecordShards holder = open(MUCH, MUCH)) {
            append(holder, 100, new byte[100]);
            Path held = packs().get(0);
            Files.setLastModifiedTime(held, FileTime.fromMillis(2));
            List<Path> full = new ArrayList<>();
            for (int number = 0; number < 6; number++) {
                try (RecordShards shards = open(MUCH, 1000)) {
                    append(shards, number, new byte[1000]);
                }
                Path made = packs().stream()
                        .filter(pack -> !pack.equals(held) && !full.contains(pack))
                        .findFirst()
                        .orElseThrow();
                Files.setLastModifiedTime(made, FileTime.fromMillis(1000 + number));
                full.add(made);
            }
            try (RecordShards shards = open(5000, 1000)) {
                assertTrue(read(shards, 0).isPresent());
                append(shards, 6, new byte[1000]);
                assertFalse(Files.exists(old), "it was used longest ago");
                assertTrue(Files.exists(held), "another one appends to it");
                assertTrue(Files.exists(full.get(0)), "it has just been used");
                assertFalse(Files.exists(full.get(1)));
                assertTrue(Files.exists(foreign));
                assertTrue(read(shards, 1).isEmpty());
                assertTrue(read(shards, 6).isPresent());
                assertTrue(shards.size().bytes() <= 5000 + 2000, shards.size().toString());
            }
        }
        open(0, 1).trim();
        assertEquals(1, packs().size(), "one stays");
    }

    @Test
    void whatWasForcedOutlastsAPowerFailure() throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        RecordShards.Settings settings = new RecordShards.Settings(root, "", MUCH, 2000);
        List<Path> left = PowerCut.during(root, folder.resolve("images"), () -> {
            try (RecordShards shards = new RecordShards(settings)) {
                for (int number = 0; number < 20; number++) {
                    append(shards, number, content(number, 0));
                }
            }
        });
        for (Path image : left) {
            RecordShards shards = new RecordShards(new RecordShards.Settings(image, "", MUCH, 2000));
            for (int number = 0; number < 20; number++) {
                int each = number;
                read(shards, number).ifPresent(found -> assertArrayEquals(content(each, 0), found));
            }
            append(shards, 30, content(30, 0));
            shards.close();
            assertTrue(read(shards, 30).isPresent());
        }
        assertEquals(
                20,
                new RecordShards(new RecordShards.Settings(left.get(left.size() - 1), "", MUCH, 2000)).count() - 1,
                "closed, all are there, and the one appended since");
    }

    @Test
    void aFullDiskLeavesWhatWasThere() throws IOException {
        boolean reached = true;
        for (int calls = 0; reached; calls++) {
            Path root = folder.resolve("full-" + calls);
            RecordShards.Settings settings = new RecordShards.Settings(root, "", MUCH, 800);
            reached = FullDisk.during(calls, () -> {
                try (RecordShards shards = new RecordShards(settings)) {
                    for (int number = 0; number < 8; number++) {
                        append(shards, number, content(number, 0));
                    }
                }
            });
            try (RecordShards shards = new RecordShards(settings)) {
                for (int number = 0; number < 8; number++) {
                    byte[] content = content(number, 0);
                    read(shards, number).ifPresent(found -> assertArrayEquals(content, found));
                    append(shards, number, content);
                    assertArrayEquals(content, read(shards, number).orElseThrow());
                }
            }
        }
    }

    /** A cache's folder may be deleted at any time. */
    @Test
    void theFolderMayBeRemovedMeanwhile() {
        try (RecordShards shards = open(MUCH, MUCH)) {
            append(shards, 1, content(1, 0));
            AtomicFiles.deleteTree(folder.resolve("shards"));
            assertTrue(read(shards, 1).isEmpty());
            append(shards, 1, content(1, 1));
            assertArrayEquals(content(1, 1), read(shards, 1).orElseThrow());
        }
    }
}
