/**
 * The arithmetic that published evaluators share: order of summation, rounding for print, and the IoU of two spans. Conventions
 * of a single project belong to its profile.
 */
package org.videotg.benchmarks.profile.arithmetic;
