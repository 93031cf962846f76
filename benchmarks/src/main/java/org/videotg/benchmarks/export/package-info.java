/**
 * Writers of samples in the formats of other trainers. What a format has no field for is kept as text in one extra
 * column, so that reading the file back gives the same samples.
 */
package org.videotg.benchmarks.export;
