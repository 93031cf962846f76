package org.videotg.smallworld.render;

import org.videotg.smallworld.scene.Colour;
import org.videotg.smallworld.scene.Look;

/** Colours as a scene shows them. */
final class Palette {
    private Palette() {}

    /** (red, green, blue) in 0..255: hue rotated about the grey axis, brightened, then drawn towards the background. */
    static double[] shown(Colour colour, Look look) {
        double[] plain = colour.rgb();
        double angle = Math.toRadians(look.hueShift());
        // Rotation about (1, 1, 1) / sqrt(3) by Rodrigues' formula.
        double same = Math.cos(angle) + (1 - Math.cos(angle)) / 3;
        double next = (1 - Math.cos(angle)) / 3 - Math.sin(angle) / Math.sqrt(3);
        double last = (1 - Math.cos(angle)) / 3 + Math.sin(angle) / Math.sqrt(3);
        double[] background = {look.red(), look.green(), look.blue()};
        double[] shown = new double[3];
        for (int c = 0; c < 3; c++) {
            double turned = same * plain[c] + next * plain[(c + 1) % 3] + last * plain[(c + 2) % 3];
            double bright = Math.min(255, Math.max(0, turned * look.brightness()));
            shown[c] = background[c] + look.contrast() * (bright - background[c]);
        }
        return shown;
    }
}
