/** The small model from scratch: random checkpoint, tokenizer and pretraining stages. */
package org.videotg.smallworld.pretrain;
