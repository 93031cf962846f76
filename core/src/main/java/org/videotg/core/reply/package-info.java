/**
 * Times in the text of replies, as published projects find them: each class follows one project's expressions to the letter, odd
 * results included, in time linear in the reply. Prompts and metric profiles read by these same classes; what a task or an
 * evaluator makes of the times belongs in {@code core.prompt} and {@code core.metric.profile}.
 */
package org.videotg.core.reply;
