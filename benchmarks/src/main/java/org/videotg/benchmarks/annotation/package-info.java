/**
 * Annotation formats, one reader each; odd rows and their repair; the search for video files. Readers return what a
 * file says and change nothing.
 */
package org.videotg.benchmarks.annotation;
