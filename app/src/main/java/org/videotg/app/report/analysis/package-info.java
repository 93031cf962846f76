/**
 * What the report works out from a run's files: arms compared, reflection held against the planted truth, samples chosen to be
 * shown. Pure functions; no file is read and nothing is drawn here. The planted truth is for reports and tests alone: nothing of
 * this package may be used by a step that trains or selects.
 */
package org.videotg.app.report.analysis;
