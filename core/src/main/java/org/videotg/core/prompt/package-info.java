/**
 * Prompt templates and the parsers of their replies. Text only: who is asked, and what is done with the answer, belongs
 * elsewhere.
 */
package org.videotg.core.prompt;
