/**
 * The command {@code convert}: annotations read, their videos found, durations taken from video files where none is
 * annotated.
 */
package org.videotg.app.convert;
