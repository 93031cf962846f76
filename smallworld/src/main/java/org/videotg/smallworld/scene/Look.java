package org.videotg.smallworld.scene;

/**
 * How a scene looks, apart from its objects.
 *
 * @param red of the background, 0..255; {@code green} and {@code blue} likewise
 * @param texture amplitude of the static waves on the background, 0..255
 * @param waveX waves across the frame, {@code waveY} down the frame
 * @param noise standard deviation of the brightness noise, as a share of 255
 * @param contrast share of an object's difference from the background that is kept, in (0, 1]
 * @param hueShift rotation of the objects' hues in degrees
 * @param brightness factor on the objects' colours
 * @param noiseSeed of the noise, frame by frame
 */
public record Look(
        double red,
        double green,
        double blue,
        double texture,
        double waveX,
        double waveY,
        double noise,
        double contrast,
        double hueShift,
        double brightness,
        long noiseSeed) {
    public Look {
        if (noise < 0 || !(contrast > 0 && contrast <= 1)) {
            throw new IllegalArgumentException(
                    "a look needs noise >= 0 and contrast in (0, 1], not " + noise + ", " + contrast);
        }
    }
}
