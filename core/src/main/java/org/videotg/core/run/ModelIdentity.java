package org.videotg.core.run;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * Which model, with which preprocessing.
 *
 * @param name folder or hub name
 * @param architecture for example {@code qwen3_vl}
 * @param weights fingerprint of the weights (sha-256), or what a server says of itself
 * @param preprocessing profile, frames per second and pixel budget in words
 * @param compute device and type it computes in, such as {@code cpu float32}; null if that is not known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ModelIdentity(String name, String architecture, String weights, String preprocessing, String compute) {
    /** Of which it is not known what it computes with. */
    public ModelIdentity(String name, String architecture, String weights, String preprocessing) {
        this(name, architecture, weights, preprocessing, null);
    }
}
