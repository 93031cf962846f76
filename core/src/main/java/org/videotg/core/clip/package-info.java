/**
 * A video file, or the part of it that a sample is about. Everything that is said about a clip counts its seconds from the clip's
 * start. Nothing here opens a video.
 */
package org.videotg.core.clip;
