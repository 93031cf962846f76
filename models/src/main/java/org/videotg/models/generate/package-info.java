/** Greedy and sampled generation with a cache that rollouts share. No prompts, no parsing of replies. */
package org.videotg.models.generate;
