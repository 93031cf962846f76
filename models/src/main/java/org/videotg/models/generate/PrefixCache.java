package org.videotg.models.generate;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.grid.GridMask;
import org.videotg.models.nn.KvCache;
import org.videotg.models.sequence.Prefix;

/**
 * Keys and values of the views of videos that were asked about last, so that a further question about one of them need
 * not read it again. Those used longest ago go. Not safe for use by several
 * threads at a time.
 */
final class PrefixCache implements AutoCloseable {
    private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final long limit;
    private long bytes;

    /** @param limit bytes of all entries */
    PrefixCache(long limit) {
        this.limit = limit;
    }

    /**
     * What a prefix depends on.
     *
     * @param video name of its features
     */
    record Key(String video, GridMask mask) {}

    /** @param cache without rollouts */
    record Entry(Prefix prefix, KvCache cache) {}

    /** Returns the entry of a key, which stays as it is until the next one is added. */
    Optional<Entry> find(Key key) {
        return Optional.ofNullable(entries.get(key));
    }

    boolean holds(long wanted) {
        return wanted <= limit;
    }

    /** Adds an entry that {@link #holds}, and closes the oldest others until all are within the limit. */
    void add(Key key, Entry entry) {
        entries.put(key, entry);
        bytes += entry.cache.bytes();
        for (Iterator<Entry> oldest = entries.values().iterator(); bytes > limit; ) {
            Entry gone = oldest.next();
            bytes -= gone.cache.bytes();
            oldest.remove();
            gone.cache.close();
        }
    }

    @Override
    public void close() {
        entries.values().forEach(entry -> entry.cache.close());
        entries.clear();
        bytes = 0;
    }
}
