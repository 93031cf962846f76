/**
 * What is odd about the rows of published sets: counted over the whole file, reported, and mended only when the user asks. Rows
 * that can't be read at all are the readers' matter.
 */
package org.videotg.benchmarks.quirk;
