/**
 * The manifest of a run: everything needed to tell how its results came about. Values and their file only; nothing here
 * decides anything about a run.
 */
package org.videotg.core.run;
