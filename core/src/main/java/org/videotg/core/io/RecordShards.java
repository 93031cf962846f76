package org.videotg.core.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records that can be made again, by key, packed into a few large files, the shards, which several processes append to at
 * once. They are bounded in size: the shards that were used longest ago are removed.
 *
 * <p>A shard {@code shards/WRITER-TIME.pack} is appended to by the process that holds the lock of that number of a
 * writer, and no name is given twice. The place of every record is kept in memory, about 120 bytes each; a key that is not
 * there is looked for in what other processes have appended since. A record that a killed process has left incomplete is
 * not seen, and cut off by the next writer. One that is damaged is passed over or, where its content is, found by its
 * reader; appending it again replaces it. For use by several threads.
 */
public final class RecordShards implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordShards.class);
    /** A shard is full with so many bytes, or with a part of all that are allowed. */
    private static final long SHARD_BYTES = 256L << 20;

    private static final int SHARDS_AT_LEAST = 16;
    private static final int WRITERS = 1 << 16;
    /** A shard's time of modification, by which it is known how long ago it was used, is at most so much too early. */
    private static final long USE_MILLIS = 60_000;

    private final Settings settings;
    private final ShardSpace space;
    private final Map<RecordShard.Key, RecordShard.Entry> index = new HashMap<>();
    private final Map<Path, RecordShard> shards = new TreeMap<>();
    private final Map<Path, Long> used = new HashMap<>();
    private Writer writer;

    /**
     * Where records are, and how many.
     *
     * @param folder of the folder with the shards
     * @param single ending of the names of files in {@code folder} that hold one record each, which count and are
     *     removed as shards are; empty if there are none
     * @param bytes that all together may have, about
     * @param shardBytes with which a shard is full
     */
    public record Settings(Path folder, String single, long bytes, long shardBytes) {
        /** Returns settings with the usual size of a shard. */
        public static Settings of(Path folder, String single, long bytes) {
            return new Settings(folder, single, bytes, Math.min(SHARD_BYTES, bytes / SHARDS_AT_LEAST));
        }
    }

    /** The content of a record: a part of a file. */
    public record Place(Path file, long from, long length) {}

    /**
     * A record in a list.
     *
     * @param name for people
     * @param bytes of its content
     * @param crc32c of name and content, as it was when they were written
     */
    public record Listed(String key, String name, Path shard, long bytes, String crc32c) {}

    /** Creates an empty view; nothing is read or written yet. */
    public RecordShards(Settings settings) {
        this.settings = settings;
        this.space = new ShardSpace(settings);
    }

    /**
     * Returns the vision features that are cached in a folder. Earlier versions wrote a file in safetensors format for
     * each video.
     */
    public static RecordShards features(Path folder) {
        return new RecordShards(Settings.of(folder, ".safetensors", Limit.FEATURE_CACHE_BYTES.value()));
    }

    /** A shard that this process appends to, and the lock that allows it. */
    private record Writer(int number, FolderLock lock, RecordShard shard, AppendedFile file) {
        void close() {
            file.close();
            lock.close();
        }
    }

    /**
     * Returns the content of a record.
     *
     * @param key 32 hexadecimal digits
     */
    public synchronized Optional<Place> find(String key) {
        RecordShard.Key wanted = RecordShard.Key.of(key);
        RecordShard.Entry entry = index.get(wanted);
        if (entry == null || !Files.exists(entry.shard().file())) {
            refresh();
            entry = index.get(wanted);
        }
        if (entry == null) {
            return Optional.empty();
        }
        use(entry.shard().file());
        return Optional.of(new Place(entry.shard().file(), entry.content(), entry.length()));
    }

    /** Returns all records, in the order of their names. */
    public synchronized List<Listed> list() {
        refresh();
        List<Listed> records = new ArrayList<>();
        for (RecordShard.Entry entry : index.values()) {
            try {
                records.add(RecordShard.listed(entry));
            } catch (IOException e) {
                LOG.warn("can't read {}: {}", entry.shard().file(), AtomicFiles.reason(e));
            }
        }
        records.sort(Comparator.comparing(Listed::name).thenComparing(Listed::key));
        return records;
    }

    /** Returns the number of records. */
    public synchronized int count() {
        refresh();
        return index.size();
    }

    /** Reads what has been appended by others, and forgets what has been removed. */
    private void refresh() {
        Set<Path> there = space.shards();
        if (shards.keySet().removeIf(file -> !there.contains(file))) {
            index.values().removeIf(entry -> !shards.containsKey(entry.shard().file()));
        }
        for (Path file : there) {
            try {
                shards.computeIfAbsent(file, RecordShard::new).news().forEach(this::add);
            } catch (NoSuchFileException e) {
                LOG.debug("{} was removed meanwhile", file, e);
            } catch (IOException e) {
                LOG.warn("can't read {}: {}; its records are made again", file, AtomicFiles.reason(e));
            }
        }
    }

    private void add(RecordShard.Entry entry) {
        index.merge(entry.key(), entry, (old, other) -> other.time() >= old.time() ? other : old);
    }

    private void use(Path shard) {
        long now = System.currentTimeMillis();
        if (now - used.getOrDefault(shard, 0L) >= USE_MILLIS) {
            used.put(shard, now);
            try {
                Files.setLastModifiedTime(shard, FileTime.fromMillis(now));
            } catch (IOException e) {
                LOG.debug("can't note that {} is used", shard, e);
            }
        }
    }

    /**
     * Appends a record, in place of any with that key. It outlasts a kill when this method returns, and a power failure
     * after 100 ms and one more record, or after {@link #close}.
     *
     * @param name for people who list the records
     * @param length of the content in bytes
     * @throws OutputException if it can't be written; nothing of it stays then
     */
    public synchronized void append(String key, String name, long length, AppendedFile.Piece content) {
        Writer open = writer();
        RecordShard.Key id = RecordShard.Key.of(key);
        RecordShard.Entry old = index.get(id);
        long time = Math.max(System.currentTimeMillis(), old == null ? 0 : old.time() + 1);
        byte[] named = RecordShard.name(name);
        RecordShard.Entry entry =
                new RecordShard.Entry(open.shard(), id, open.shard().end(), named.length, length, time);
        open.file().append(out -> RecordShard.write(out, entry, named, content));
        open.shard().appended(entry);
        add(entry);
        open.file().forceAtIntervals();
        if (entry.end() >= settings.shardBytes()) {
            finish(open);
        }
    }

    /** Returns the shard to append to; the folder may have been removed meanwhile. */
    private Writer writer() {
        if (writer != null && !Files.exists(writer.shard().file())) {
            writer.lock().close();
            writer = null;
        }
        if (writer == null) {
            refresh();
            for (int number = 0; writer == null; number++) {
                writer = open(number).orElse(null);
                if (number == WRITERS) {
                    throw new OutputException(
                            "more than " + WRITERS + " processes write to " + settings.folder(), null);
                }
            }
            trim();
        }
        return writer;
    }

    /** Goes on with the shard of that number which is not full, if there is one. Empty if another process does. */
    private Optional<Writer> open(int number) {
        Optional<FolderLock> lock = space.lock(String.valueOf(number));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        try {
            // Its last holder may have appended until now.
            refresh();
            for (RecordShard shard : shards.values()) {
                if (ShardSpace.writer(shard.file()).equals(String.valueOf(number)) && !shard.isFull()) {
                    AppendedFile file = new AppendedFile(shard.file());
                    file.cut(shard.end());
                    Writer found = new Writer(number, lock.get(), shard, file);
                    if (shard.end() < settings.shardBytes()) {
                        return Optional.of(found);
                    }
                    index(found);
                    file.close();
                }
            }
            RecordShard fresh = new RecordShard(space.unused(number, shards.keySet()));
            shards.put(fresh.file(), fresh);
            return Optional.of(new Writer(number, lock.get(), fresh, new AppendedFile(fresh.file())));
        } catch (RuntimeException e) {
            lock.get().close();
            throw e;
        }
    }

    /** Ends a full shard; the next record begins another one. */
    private void finish(Writer open) {
        writer = null;
        try {
            index(open);
        } finally {
            open.close();
        }
    }

    private void index(Writer of) {
        List<RecordShard.Entry> entries = index.values().stream()
                .filter(entry -> entry.shard() == of.shard())
                .sorted(Comparator.comparingLong(RecordShard.Entry::at))
                .toList();
        of.file().append(out -> RecordShard.writeIndex(out, entries, of.shard().end()));
    }

    /**
     * What there is in files.
     *
     * @param singles files of one record each
     */
    public record Size(int shards, int singles, long bytes) {}

    public Size size() {
        return space.size();
    }

    /** Removes what was used longest ago, until no more is left than the settings allow or one file. */
    public void trim() {
        space.trim();
    }

    /** Forces all records to the medium. */
    public synchronized void force() {
        if (writer != null) {
            writer.file().force();
        }
    }

    /** Forces all records to the medium and lets other processes append to this one's shard; may be used again. */
    @Override
    public synchronized void close() {
        if (writer != null) {
            Writer open = writer;
            writer = null;
            open.close();
        }
    }
}
