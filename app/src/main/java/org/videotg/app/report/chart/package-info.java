/** Escaped markup, number formats, axes and charts: pure functions from values to text. */
package org.videotg.app.report.chart;
