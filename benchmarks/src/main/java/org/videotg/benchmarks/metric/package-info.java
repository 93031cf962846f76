/**
 * Metrics of a data set from per-sample predictions, and how two arms compare. Pure functions of finished predictions: who
 * predicted, how replies were drawn, and the conventions of other projects' scripts belong elsewhere.
 */
package org.videotg.benchmarks.metric;
