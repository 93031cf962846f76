/** Markup, number formats, axes and charts, as pure functions from values to text. */
package org.videotg.app.report.chart;
