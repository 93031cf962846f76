/**
 * What an evaluator compares: annotated rows and predicted rows as their files say them, and which belongs to which. Values only:
 * nothing is clamped, rounded, reordered or parsed here, and no file is read.
 */
package org.videotg.benchmarks.profile.row;
