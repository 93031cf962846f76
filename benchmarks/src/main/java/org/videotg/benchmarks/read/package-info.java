/**
 * Reading of annotation files as they are published, one format a class. A reader gives what its file says and nothing more:
 * where the videos lie, what is odd about a row, and the writing of other formats belong elsewhere.
 */
package org.videotg.benchmarks.read;
