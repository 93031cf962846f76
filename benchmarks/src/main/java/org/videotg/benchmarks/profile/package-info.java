/**
 * Metric profiles: the scoring conventions of published evaluators, one class each, with the prediction formats, the pairing of
 * predictions with annotations and the arithmetic that they share. The project's own metrics are in
 * {@link org.videotg.benchmarks.metric}.
 */
package org.videotg.benchmarks.profile;
