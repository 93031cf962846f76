/** Evaluation of a checkpoint on a data set: whole videos, greedy replies, resumable. Metrics themselves lie in {@code core}. */
package org.videotg.app.evaluation;
