/**
 * Annotated samples and their jsonl form. A sample is data: how it is asked about, scored or selected belongs elsewhere.
 */
package org.videotg.core.sample;
