/**
 * The small world: settings of a world, and the writer that turns them into mp4 files, samples, questions and planted truth.
 */
package org.videotg.smallworld;
