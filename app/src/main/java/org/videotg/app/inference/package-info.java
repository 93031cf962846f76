/** Checkpoints as the commands open them, and what a reader of their answers must be told. No question is asked here. */
package org.videotg.app.inference;
