/** The configuration files of a checkpoint in Hugging Face layout, as validated records. No tensors. */
package org.videotg.models.config;
