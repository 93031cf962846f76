/**
 * The safetensors format: headers checked before anything is allocated, files mapped and read one tensor at a time. Knows no
 * model.
 */
package org.videotg.models.safetensors;
