/**
 * The checks of {@code train --dry-run}: data, videos, model, memory, disk and time. Nothing is written outside a
 * temporary folder. The formulas for memory and operations follow the trainer: a change of what a step keeps changes
 * them too.
 */
package org.videotg.app.dryrun;
