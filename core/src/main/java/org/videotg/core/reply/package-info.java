/**
 * Parsers that read intervals and answers from replies. Each follows one project's code to the letter and takes time
 * linear in the reply.
 */
package org.videotg.core.reply;
