/**
 * LoRA adapters in PEFT's format: read, written, put beside the weights of a model, merged into them. No training may enter: what
 * is trained is chosen by who trains.
 */
package org.videotg.models.lora;
