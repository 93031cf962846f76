/** GRPO. One readable trainer; losses, prompts and the optimizer lie beside it. */
package org.videotg.training.grpo;
