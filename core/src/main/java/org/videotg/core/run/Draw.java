package org.videotg.core.run;

import java.util.Random;

/**
 * Draws that depend on nothing but (seed, purpose, keys): a stopped run that is resumed draws the same numbers. Mixing
 * is the finalizer of SplitMix64.
 */
public final class Draw {
    private Draw() {}

    /** 64 well mixed bits. */
    public static long bits(long seed, String purpose, long... keys) {
        long h = mix(seed + 0x9E3779B97F4A7C15L);
        for (int i = 0; i < purpose.length(); i++) {
            h = mix(h ^ (purpose.charAt(i) + 0x9E3779B97F4A7C15L * (i + 1)));
        }
        for (long key : keys) {
            h = mix(h ^ mix(key + 0x9E3779B97F4A7C15L) + 0x9E3779B97F4A7C15L);
        }
        return h;
    }

    /** Uniform in [0, 1). */
    public static double uniform(long seed, String purpose, long... keys) {
        return (bits(seed, purpose, keys) >>> 11) * 0x1.0p-53;
    }

    /** A generator for many draws of one purpose. */
    public static Random generator(long seed, String purpose, long... keys) {
        return new Random(bits(seed, purpose, keys));
    }

    /** A key from a name, such as a sample's id. */
    public static long key(String name) {
        return bits(name.length(), name);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
