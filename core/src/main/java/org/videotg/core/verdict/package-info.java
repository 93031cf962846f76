/**
 * What the verdicts of all agents have in common, and how their files are read. What a verdict says belongs to
 * {@code reflection} and {@code difficulty}; how it is reached, to the module {@code agents}.
 */
package org.videotg.core.verdict;
