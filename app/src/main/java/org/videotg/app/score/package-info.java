/**
 * Scoring of prediction files by metric profiles, as a command asks for it, and its text. The conventions and file formats lie in
 * {@code core.metric.profile}.
 */
package org.videotg.app.score;
