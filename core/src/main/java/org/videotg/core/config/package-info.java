/** Configuration: records whose components describe their keys, read from YAML and {@code key=value}. */
package org.videotg.core.config;
