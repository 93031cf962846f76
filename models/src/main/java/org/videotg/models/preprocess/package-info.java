/**
 * From a video file to what the vision tower reads and gives: sampled, resized frames cut into patches, and the cache of
 * features. Decoding itself belongs to {@code org.videotg.video}.
 */
package org.videotg.models.preprocess;
