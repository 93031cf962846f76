package org.videotg.core.io;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Limits for what comes from outside, so that a broken or hostile file takes neither all memory nor all time. A run
 * that needs more sets the system property {@code videotg.limit.NAME}, such as with
 * {@code VIDEOTG_JAVA_OPTS=-Dvideotg.limit.rowCharacters=100000000}.
 */
public enum Limit {
    ROW_CHARACTERS("rowCharacters", 16 << 20, "characters in a row"),
    TEXT_CHARACTERS("textCharacters", 4 << 20, "characters in a text"),
    YAML_CHARACTERS("yamlCharacters", 3 << 20, "characters in a yaml file"),
    PROMPT_CHARACTERS("promptCharacters", 1 << 20, "characters in a part of a prompt"),
    DEPTH("depth", 200, "levels of nesting"),
    PICTURE_PIXELS("picturePixels", 8192L * 8192, "pixels in a picture"),
    PREFIX_CACHE_BYTES("prefixCacheBytes", 256 << 20, "bytes of keys and values of videos that were asked about"),
    FEATURE_CACHE_BYTES("featureCacheBytes", 1L << 40, "bytes of cached features in a folder"),
    RANK_SECONDS("rankSeconds", 45, "seconds in which a rank of a training finishes nothing");

    private static final String PREFIX = "videotg.limit.";

    private final String property;
    private final long standard;
    private final String what;

    Limit(String name, long standard, String what) {
        this.property = PREFIX + name;
        this.standard = standard;
        this.what = what;
    }

    /**
     * Checks the system properties that set limits.
     *
     * @throws InputException naming one that is not the name of a limit, or not a number above 0
     */
    public static void checkProperties() {
        List<String> known =
                Arrays.stream(values()).map(limit -> limit.property).toList();
        for (String name : System.getProperties().stringPropertyNames()) {
            String value = System.getProperty(name);
            if (name.startsWith(PREFIX) && !known.contains(name)) {
                throw new InputException("-D" + name + "=" + value + ": there is no such limit; the limits are "
                        + known.stream()
                                .map(limit -> limit.substring(PREFIX.length()))
                                .collect(Collectors.joining(", ")));
            }
            if (name.startsWith(PREFIX) && Long.getLong(name, 0) < 1) {
                throw new InputException("-D" + name + "=" + value + ": a limit is a number above 0");
            }
        }
    }

    /** The largest value that is allowed. */
    public long value() {
        return Long.getLong(property, standard);
    }

    int intValue() {
        return (int) Math.min(Integer.MAX_VALUE, value());
    }

    /**
     * Checks a value.
     *
     * @param where file and row
     * @throws InputException naming the limit, and how to raise it
     */
    public void check(long value, String where) {
        if (value > value()) {
            throw new InputException(where + ": " + excess());
        }
    }

    /** What is too large, and how a user raises this limit. */
    String excess() {
        return "more than " + value() + " " + what + "; if that is right, raise the limit: VIDEOTG_JAVA_OPTS=-D"
                + property + "=N";
    }
}
