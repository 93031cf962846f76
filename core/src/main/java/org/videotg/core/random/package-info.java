/**
 * Random draws as pure functions of what they are for, so that nothing of a generator's state needs saving. No other
 * source of randomness is used in the project.
 */
package org.videotg.core.random;
