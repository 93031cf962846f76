/** A training run: its process, folder, training checkpoints and resume. What a step does belongs elsewhere. */
package org.videotg.training.run;
