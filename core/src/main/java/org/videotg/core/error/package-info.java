/**
 * The exception by which every package reports bad input, and its kind for places that can't be written. Nothing else belongs
 * here.
 */
package org.videotg.core.error;
