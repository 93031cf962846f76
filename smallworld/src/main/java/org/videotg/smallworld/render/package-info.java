/** Frames of scenes as raw RGB bytes. Knows no query and no annotation, and writes no file. */
package org.videotg.smallworld.render;
