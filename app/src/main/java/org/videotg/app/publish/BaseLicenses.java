package org.videotg.app.publish;

import java.util.Optional;

/** Licences of published base models, by the identifiers of the hub. */
final class BaseLicenses {
    private BaseLicenses() {}

    /** The licence that the pages of Qwen's models state; empty for other models, whose licence the user knows. */
    static Optional<String> of(String base) {
        if (base.startsWith("Qwen/Qwen3-VL-")
                || base.startsWith("Qwen/Qwen2.5-VL-7B")
                || base.startsWith("Qwen/Qwen2.5-VL-32B")) {
            return Optional.of("apache-2.0");
        }
        return base.startsWith("Qwen/Qwen2.5-VL-3B") || base.startsWith("Qwen/Qwen2.5-VL-72B")
                ? Optional.of("other")
                : Optional.empty();
    }
}
