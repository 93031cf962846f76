/** Comparisons with the reference and long measurements, started by hand with {@code bench/run}. */
package org.videotg.bench;
