/**
 * Video files through FFmpeg: probing, sampling, decoding, resizing and writing. Images are 8-bit RGB; there are no
 * tensors and no normalisation.
 */
package org.videotg.video;
