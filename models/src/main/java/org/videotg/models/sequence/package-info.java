/**
 * Token sequences as the families read them: the chat template with its video part, position ids on three axes, and rows that
 * pack a shared prefix with several suffixes. Plain arrays; no tensors.
 */
package org.videotg.models.sequence;
