/**
 * Scenes as pure values: objects, what they do in which second, queries and when they hold. No pixels, no files; a scene
 * is a pure function of its seed, domain, split and number.
 */
package org.videotg.smallworld.scene;
