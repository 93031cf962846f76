/** Prompt templates and their files. Whom to ask, and what to do with the reply, is decided elsewhere. */
package org.videotg.core.prompt;
