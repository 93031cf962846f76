/**
 * The two agents of VideoTG-R1 over the port {@link org.videotg.core.mllm.Mllm}: boundary reflection and difficulty estimation,
 * their resumable runs, and curation, which goes on until the selection is full. They ask and write down; the rules by which
 * replies are judged live in {@code core}. No model, no tensor and no video file may enter: the module stands on core alone.
 */
package org.videotg.method.agent;
