/**
 * Questions about scenes, with their complete answers, for pretraining: grounding, lists, multiple choice, and the labels
 * of the vision tower. Partial annotations never enter here.
 */
package org.videotg.smallworld.task;
