/**
 * JSON, JSON lines, YAML, files that appear whole or not at all, and the client for HTTP. Nothing here knows a sample or
 * a verdict.
 */
package org.videotg.core.io;
