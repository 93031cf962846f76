/** Curation on a Spark cluster: the job, the seeded order of its samples, their verdicts, and the selection. */
package org.videotg.spark;
