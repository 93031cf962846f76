/**
 * The rule of boundary reflection: which grids the reflected view hides, what becomes of the replies, when a sample is
 * partially annotated, and what then happens to it. Pure functions and values: asking a model belongs to the module
 * {@code agents}. That samples with query-relevant segments outside the annotation are found by multimodal LLMs and discarded
 * is the paper's (VideoTG-R1); the reflected view, both forms, votes, every threshold, {@code repair} and {@code review} are
 * defined by this project.
 */
package org.videotg.method.reflection;
