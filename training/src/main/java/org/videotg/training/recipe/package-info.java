/**
 * Recipes: what a training run shall do, read from yaml with overrides. Values and their checks only; each part of the training
 * gets its own record and nothing gets the whole recipe but the run.
 */
package org.videotg.training.recipe;
