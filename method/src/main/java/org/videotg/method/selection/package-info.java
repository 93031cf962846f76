/**
 * Choosing the training samples from the agents' verdicts. Pure functions of data and verdicts: asking a model, and going on
 * until the selection is full, belong to the module {@code agents}. That a small clean, difficulty-graded share of the data is
 * trained on is the paper's; eligibility, stratification and order are defined by this project.
 */
package org.videotg.method.selection;
