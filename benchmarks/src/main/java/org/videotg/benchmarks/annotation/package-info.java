/**
 * Data sets of the field. Here: what a row of a published file says, as a value. Reading, quirks, writing and the finding of
 * videos have rooms of their own below; which prompt a sample is asked with and how a reply is scored belong elsewhere.
 */
package org.videotg.benchmarks.annotation;
