/** The training methods, GRPO and supervised fine-tuning, one optimizer step at a time. */
package org.videotg.training.trainer;
