/** Scoring of prediction files by metric profiles as the command {@code score} asks for it, and its text. */
package org.videotg.app.score;
