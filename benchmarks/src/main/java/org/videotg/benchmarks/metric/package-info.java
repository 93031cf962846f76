/** The project's own metrics over finished predictions, and the paired bootstrap between two arms. */
package org.videotg.benchmarks.metric;
