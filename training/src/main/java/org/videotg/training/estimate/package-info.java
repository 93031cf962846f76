/**
 * Parameters, memory, token-forwards and operations of a run, computed before anything is loaded. The formulas follow
 * the trainer: a change of what a step keeps changes them too.
 */
package org.videotg.training.estimate;
