/**
 * The backend for local checkpoints, single queries and evaluation. Commands ask through
 * {@link org.videotg.core.mllm.Backend}.
 */
package org.videotg.app.inference;
