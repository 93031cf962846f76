/**
 * The checks of {@code train --dry-run}: data, videos, model, memory, disk and time. Nothing outside a temporary folder
 * is written.
 */
package org.videotg.app.dryrun;
