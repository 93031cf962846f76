/**
 * Scenes as values: objects, what they do in each second, queries and when they hold; and their frames as raw RGB. A scene is a pure
 * function of its domain, seed, split and number. Nothing here writes a file.
 */
package org.videotg.smallworld.scene;
