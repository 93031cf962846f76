/** Programs run by hand through {@code bench/run}: comparisons with the references and long measurements. */
package org.videotg.bench;
