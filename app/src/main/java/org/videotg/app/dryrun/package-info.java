/**
 * What {@code train --dry-run} says before a run: whether recipe, data, videos and model are there and fit together, what memory,
 * disk and time the run needs, and what is missing. Nothing outside a temporary folder is written; formulas lie in
 * {@code train.estimate}.
 */
package org.videotg.app.dryrun;
