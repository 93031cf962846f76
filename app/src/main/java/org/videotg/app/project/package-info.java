/**
 * Projects: arms compared on data sets, seeds and base models; their stages in child processes, and the results. A
 * stage's work is done by its own command.
 */
package org.videotg.app.project;
