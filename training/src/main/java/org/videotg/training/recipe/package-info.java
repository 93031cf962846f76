/** Recipes: the settings of a training run, read from yaml with overrides. Values and their checks only. */
package org.videotg.training.recipe;
