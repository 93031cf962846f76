package org.videotg.models.tensor;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Recognises that libtorch found no memory, on a GPU or on the CPU. */
public final class OutOfMemory {
    private static final Pattern GPU = Pattern.compile("CUDA out of memory\\.?[^\\n]*|CUDA error: out of memory");
    private static final Pattern CPU =
            Pattern.compile("DefaultCPUAllocator: [^\\n]*?memory: you tried to allocate \\d+ bytes");

    private OutOfMemory() {}

    /** What libtorch said of it, if that is why {@code failure} came about. */
    public static Optional<String> in(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            for (Pattern pattern : new Pattern[] {GPU, CPU}) {
                Matcher found = pattern.matcher(message);
                if (found.find()) {
                    return Optional.of(found.group().strip());
                }
            }
        }
        return Optional.empty();
    }
}
