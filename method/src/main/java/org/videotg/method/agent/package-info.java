/**
 * What the agents share: verdicts, their file, and a resumable pass over samples. The module uses no model, tensor or
 * video file.
 */
package org.videotg.method.agent;
