/**
 * A training run as a whole: its folder, its loop with checkpoints and metrics, and the child process it runs in. What a step
 * does is the trainers' business.
 */
package org.videotg.train.run;
