/**
 * Pretraining of the small model: a random checkpoint with its tokenizer, and the stages that train it on the small world. Fine-tuning
 * (SFT, GRPO) is in the module {@code training}.
 */
package org.videotg.smallworld.pretrain;
