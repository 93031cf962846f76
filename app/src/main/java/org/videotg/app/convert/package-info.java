/**
 * From an annotation file and a folder of videos to a file that a trainer reads, and what was odd on the way. The formats, the
 * quirks and the search for videos lie in {@code core}; here videos are opened where no annotation says how long they are.
 */
package org.videotg.app.convert;
