/** The small world: its settings, questions about scenes, and the writer of mp4 files, samples and truth. */
package org.videotg.smallworld;
