package org.videotg.core.mllm;

/**
 * Which model, with which preprocessing.
 *
 * @param name folder or hub name
 * @param architecture for example {@code qwen3_vl}
 * @param weights fingerprint of the weights (sha-256), or what a server says of itself
 * @param preprocessing profile, frames per second and pixel budget in words
 */
public record ModelIdentity(String name, String architecture, String weights, String preprocessing) {}
