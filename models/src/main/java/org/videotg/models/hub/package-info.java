/**
 * Models by their name on a Hugging Face hub: names, the cache that Python's huggingface_hub shares, downloads. Knows files and
 * their checksums, not what they mean; nothing about tensors or configurations may enter.
 */
package org.videotg.models.hub;
