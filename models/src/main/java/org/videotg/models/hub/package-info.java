/**
 * Models by name on a Hugging Face hub: names, downloads, and the cache shared with Python. Files and checksums only:
 * no tensors or configurations.
 */
package org.videotg.models.hub;
