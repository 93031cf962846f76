/**
 * The report, a self-contained page made from the files of a run. Nothing here trains, asks a model or decides
 * anything.
 */
package org.videotg.app.report;
