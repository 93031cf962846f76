/**
 * The report: one self-contained page made from a run's files. {@link org.videotg.app.report.Report} puts the sections
 * together; each section turns what {@code analysis} worked out into markup. Nothing here trains, asks a model or decides
 * anything.
 */
package org.videotg.app.report;
