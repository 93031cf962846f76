/**
 * What a training run will need, computed from a recipe and a model's configuration before anything is loaded: parameters,
 * memory, token-forwards, operations. Formulas follow the trainer as it is; whoever changes what a step keeps changes them here.
 * No machine is looked at, and nothing is read but what is handed in.
 */
package org.videotg.training.estimate;
