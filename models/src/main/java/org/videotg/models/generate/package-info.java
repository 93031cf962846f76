/**
 * Generation with a cache that rollouts share, and local checkpoints behind the port {@link org.videotg.core.mllm.Mllm}.
 * Replies are not parsed here.
 */
package org.videotg.models.generate;
