/**
 * Boundary reflection: the rule, its settings and verdicts, the policies and the agent. Discarding samples with
 * query-relevant moments outside the annotation is published; the reflected view, both forms, votes, thresholds,
 * {@code repair} and {@code review} are defined by this project.
 */
package org.videotg.method.reflection;
