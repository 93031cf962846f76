/** A model's parameters by their published names, and folders in Hugging Face layout that hold them. */
package org.videotg.model.checkpoint;
