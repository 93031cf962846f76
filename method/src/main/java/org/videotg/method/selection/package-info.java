/**
 * Selection of training samples from the verdicts, and the curation pipeline. Training on a small, clean, graded share
 * of the data is published; eligibility, stratification and order are defined by this project.
 */
package org.videotg.method.selection;
