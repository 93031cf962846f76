/** One question about one video, as the command {@code ground} asks it. */
package org.videotg.app.grounding;
