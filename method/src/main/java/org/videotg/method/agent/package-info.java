/**
 * What the agents share: verdicts, their file, and a resumable pass over samples. Models are asked through {@link
 * org.videotg.core.mllm.Mllm}; no video is decoded here.
 */
package org.videotg.method.agent;
