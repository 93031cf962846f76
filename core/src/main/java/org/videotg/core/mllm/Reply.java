package org.videotg.core.mllm;

/**
 * One reply.
 *
 * @param text without special tokens
 * @param tokens generated, the end token included
 * @param truncated whether it ran into the limit of tokens
 */
public record Reply(String text, int tokens, boolean truncated) {}
