/**
 * The Java API: find moments in videos, curate annotations, score predictions.
 *
 * <p>{@link org.videotg.Grounder} asks a model when something happens, {@link org.videotg.Curator} finds samples that
 * are partially annotated or hard, {@link org.videotg.Scores} computes the metrics of published evaluators. Public are
 * this package and {@code org.videotg.core.sample}, which has the samples and intervals that it takes and returns.
 * Every other package is internal and may change in any version.
 *
 * <p>Bad input, such as a video that can't be read, is reported by {@link org.videotg.core.io.InputException}, whose
 * message says what is wrong and what to do. Warnings are logged through SLF4J.
 */
package org.videotg;
