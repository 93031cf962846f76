/**
 * Metric profiles: the scoring conventions of published evaluators, one class each. They share prediction formats, the
 * pairing of predictions with annotations, and arithmetic.
 */
package org.videotg.benchmarks.profile;
