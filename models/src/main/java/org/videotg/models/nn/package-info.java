/**
 * The building blocks of models: linear layers, norms, rotary tables, attention, decoder layers and the parts of vision towers.
 * What is particular to one family lives in that family's package.
 */
package org.videotg.models.nn;
