/** From annotations and a folder of videos to samples. The formats of annotations lie in {@code core}. */
package org.videotg.app.convert;
