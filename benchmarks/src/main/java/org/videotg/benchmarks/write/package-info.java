/**
 * Writing of samples in the formats that other trainers read. Whatever such a format has no place for travels in one column of
 * text, so that reading it back gives the same samples. Which samples are worth writing is decided elsewhere.
 */
package org.videotg.benchmarks.write;
