/**
 * The vision towers of the families, built from the same parts: patches of temporal grids in, visual tokens and DeepStack
 * features out. Attention stays inside a grid, so a grid's features depend on nothing but its own pixels and can be cached. No
 * decoding of videos, no text.
 */
package org.videotg.models.vision;
