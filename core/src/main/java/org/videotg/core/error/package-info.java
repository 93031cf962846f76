/** The one exception by which every package reports bad input. Nothing else belongs here. */
package org.videotg.core.error;
