/**
 * What the report reads: run folders, arms, training metrics. Every part is optional; what is broken becomes a note. No
 * figures are computed here and nothing is drawn.
 */
package org.videotg.app.report.run;
