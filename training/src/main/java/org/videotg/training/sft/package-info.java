/** Supervised fine-tuning on annotated replies. */
package org.videotg.training.sft;
