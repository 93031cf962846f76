/**
 * Average precision over ranked intervals and over clips, as moment_detr's evaluator computes it for one query. Averaging over
 * queries, length ranges and the names of metrics belong to the profile.
 */
package org.videotg.benchmarks.profile.detection;
