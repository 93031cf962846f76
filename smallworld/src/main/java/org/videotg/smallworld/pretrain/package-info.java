/**
 * Making and pretraining of the small model: a random checkpoint with its tokenizer, then two supervised stages on the small
 * world. Only what a model from nothing needs; post-training (SFT, GRPO) lives beside it.
 */
package org.videotg.smallworld.pretrain;
