/**
 * Building blocks of models: linear layers, norms, rotary tables, attention, parts of vision towers. What is particular
 * to one family is in that family's package.
 */
package org.videotg.models.nn;
