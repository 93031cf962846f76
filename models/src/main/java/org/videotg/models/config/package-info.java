/** Validated records of a checkpoint's configuration files and of the user's video options. No tensors. */
package org.videotg.models.config;
