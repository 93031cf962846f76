/** Supervised fine-tuning on annotated replies. */
package org.videotg.train.sft;
