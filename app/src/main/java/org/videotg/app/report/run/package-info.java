/**
 * The data of a report: run folders, and the figures computed from them. Every part of a run is optional; an unreadable
 * one becomes a note.
 */
package org.videotg.app.report.run;
