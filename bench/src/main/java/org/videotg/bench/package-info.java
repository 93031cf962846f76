/** Programs run by hand through {@code bench/run}: comparisons with the reference implementations and long measurements. */
package org.videotg.bench;
