/**
 * The whole method with one command: which stages there are and what each needs, their running side by side in child processes,
 * and the table at the end. Every setting lies in {@code recipes/demo}; what a stage does is the business of its own command.
 */
package org.videotg.app.demo;
