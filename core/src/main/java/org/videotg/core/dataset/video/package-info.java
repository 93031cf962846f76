/**
 * Where the video files of annotated samples lie: found by name before anything runs, and what is missing said at once. Nothing
 * here opens a video.
 */
package org.videotg.core.dataset.video;
