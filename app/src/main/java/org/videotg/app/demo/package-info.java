/**
 * The demo: its stages, their order in child processes, and the final table. All settings are in {@code recipes/demo};
 * a stage's work is done by its own command.
 */
package org.videotg.app.demo;
