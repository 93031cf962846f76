/**
 * Drawing for the report: escaped markup, number formats, axes and charts as pure functions from values to text. Knows no
 * run folder, no sample and no metric.
 */
package org.videotg.app.report.chart;
