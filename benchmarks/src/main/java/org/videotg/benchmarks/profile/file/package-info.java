/**
 * Annotation and prediction files of published projects, read as far as their evaluators read them: recognised by content,
 * nothing clamped or repaired. Full readers of data sets, for training and conversion, belong in {@code core.dataset}.
 */
package org.videotg.benchmarks.profile.file;
