/**
 * The report: one self-contained page made from the files of a run. {@link org.videotg.app.report.Report} joins the
 * sections; each section turns data of {@link org.videotg.app.report.run} into markup.
 */
package org.videotg.app.report;
