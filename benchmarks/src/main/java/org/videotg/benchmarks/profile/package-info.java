/**
 * Metric profiles: the scoring conventions of published evaluators, one class each, by name, and how two of them differ on the
 * same rows. Pure functions of paired rows; how rows are read from files lies in {@code file}, how replies are parsed in
 * {@code reply}. This project's own convention is {@link org.videotg.benchmarks.metric.GroundingMetrics}.
 */
package org.videotg.benchmarks.profile;
