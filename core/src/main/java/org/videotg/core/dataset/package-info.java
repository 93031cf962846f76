/**
 * Reading of annotation files as they are published. A reader gives what its file says and nothing more: where the videos lie,
 * how long they are if the file does not say it, and this project's own jsonl belong elsewhere.
 */
package org.videotg.core.dataset;
