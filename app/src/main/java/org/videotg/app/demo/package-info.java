/**
 * The demo: its stages and their dependencies, their parallel execution in child processes, and the final table. All
 * settings are in {@code recipes/demo}; the work of a stage is done by its own command.
 */
package org.videotg.app.demo;
