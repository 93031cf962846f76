/**
 * Policy losses of the GRPO family, as pure functions with analytic gradients. Formulas: DeepSeekMath
 * (arXiv 2402.03300) for GRPO, DAPO (2503.14476), Dr. GRPO (2503.20783), GSPO (2507.18071), CISPO (2506.13585);
 * aggregation and defaults as in TRL.
 */
package org.videotg.training.loss;
