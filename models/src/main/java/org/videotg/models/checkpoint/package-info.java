/** Parameters by their published names, and the weight files that hold them. */
package org.videotg.models.checkpoint;
