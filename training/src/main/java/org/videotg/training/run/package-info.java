/** Training checkpoints: everything a stopped run needs to go on to the same weights. What a step does is not known here. */
package org.videotg.training.run;
