/** JSON, JSON lines, YAML, and files that appear whole or not at all. Nothing here knows a sample or a verdict. */
package org.videotg.core.io;
