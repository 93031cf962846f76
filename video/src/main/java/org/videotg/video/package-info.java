/**
 * Video files as the models see them: probing, choosing frames, decoding, resizing and writing, through FFmpeg. No tensors, no
 * prompts and no normalisation: an image leaves here as 8-bit RGB.
 */
package org.videotg.video;
