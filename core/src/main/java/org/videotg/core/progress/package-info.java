/** Progress lines for people who wait. Knows nothing of what is being done, and nothing may depend on what it prints. */
package org.videotg.core.progress;
