/** LoRA adapters in PEFT's format: reading, writing, applying and merging. Training chooses what is trained. */
package org.videotg.models.lora;
