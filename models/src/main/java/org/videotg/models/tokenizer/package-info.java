/** Text to token ids and back, through the Hugging Face tokenizers library. */
package org.videotg.models.tokenizer;
