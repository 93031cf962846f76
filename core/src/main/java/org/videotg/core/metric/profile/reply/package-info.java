/**
 * How published evaluators read times out of replies. Each class follows one evaluator's expressions to the letter, odd results
 * included, in time linear in the reply; parsers of this project's own prompts belong in {@code core.prompt}.
 */
package org.videotg.core.metric.profile.reply;
