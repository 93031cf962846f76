/**
 * Experiments and checks that are run by hand: comparisons with the reference implementation, long measurements. Nothing here is
 * shipped or tested in CI.
 */
package org.videotg.bench;
