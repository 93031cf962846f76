/**
 * Prompt templates, their files, and the parsers of replies. Text only: who is asked, and what is done with the answer, belongs
 * elsewhere, as do the conventions by which prediction files of other projects are scored. Parsers are hand-written scanners in
 * linear time.
 */
package org.videotg.core.prompt;
