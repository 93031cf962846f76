/**
 * Annotated samples, their intervals and clips, and their jsonl form. Asking, scoring and selecting belong elsewhere.
 */
package org.videotg.core.sample;
