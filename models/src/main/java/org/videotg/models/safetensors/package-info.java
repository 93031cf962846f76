/** The safetensors format: checked headers, and files read tensor by tensor. No model is known here. */
package org.videotg.models.safetensors;
