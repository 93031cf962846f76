/** From a video file to the patches that the vision tower reads. Decoding belongs to {@code org.videotg.video}. */
package org.videotg.models.preprocess;
