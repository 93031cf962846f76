/**
 * The small world: settings of a world and the writer that turns them into mp4 files, samples and planted truth. Who is
 * trained on a world, or how an answer is scored, does not belong here.
 */
package org.videotg.smallworld;
