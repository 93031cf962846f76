/**
 * Published annotations: one reader per file format, the oddities of their rows and how to repair them, and the search
 * for their video files. Readers return what a file states and repair nothing.
 */
package org.videotg.benchmarks.annotation;
