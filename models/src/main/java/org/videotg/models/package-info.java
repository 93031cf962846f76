/**
 * Models of videos and text: {@link org.videotg.models.Model} is what training, generation and agents see, {@link
 * org.videotg.models.ModelFolder} an opened checkpoint. Their parts live in the packages below.
 */
package org.videotg.models;
