/**
 * Conversion of an annotation file and a folder of videos to a file that a trainer reads. Formats and odd rows belong
 * to {@code benchmarks}.
 */
package org.videotg.app.convert;
