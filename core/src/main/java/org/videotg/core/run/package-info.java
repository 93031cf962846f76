/**
 * What every run records: manifest, model identity, cost, random draws and progress. Nothing here decides anything
 * about a run.
 */
package org.videotg.core.run;
