/** The configuration files of a checkpoint as validated records. No tensors. */
package org.videotg.models.config;
