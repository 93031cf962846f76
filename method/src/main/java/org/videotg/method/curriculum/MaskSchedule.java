package org.videotg.method.curriculum;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;

/**
 * The mask ratio m over the training: the share of the maskable grids that is masked at step t of T. It falls from m0
 * to 0, which it reaches at t = gamma * T. Defined by this project.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MaskSchedule(
        @JsonIgnore
        @Setting(
                key = "name",
                value = "how the mask ratio falls for hard samples; none is training without a curriculum",
                defaultValue = "none")
        Shape shape,

        @Setting(value = "mask ratio at the first step", defaultValue = "1", range = "in [0, 1]")
        double m0,

        @Setting(
                value = "share of the training after which nothing is masked",
                defaultValue = "0.6",
                range = "in (0, 1]")
        double gamma) {
    private static final int STAGES = 3;

    /** How the ratio falls. */
    public enum Shape {
        /** Nothing is masked. */
        NONE {
            @Override
            double at(double x) {
                return 0;
            }
        },
        /** m0 * (1 - x). */
        LINEAR {
            @Override
            double at(double x) {
                return 1 - x;
            }
        },
        /** m0 * (1 + cos(pi * x)) / 2. */
        COSINE {
            @Override
            double at(double x) {
                return (1 + Math.cos(Math.PI * x)) / 2;
            }
        },
        /** m0 * (1 - floor(3 * x) / 3): three equal stages. */
        STEP {
            @Override
            double at(double x) {
                return 1 - Math.floor(STAGES * x) / STAGES;
            }
        };

        /** The mask ratio relative to m0 at the progress x = t / (gamma * T) in [0, 1). */
        abstract double at(double x);

        @JsonValue
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public MaskSchedule {
        Settings.check(MaskSchedule.class, shape, m0, gamma);
    }

    /** For manifests: the number of stages, null for other shapes. */
    @JsonProperty
    Integer stages() {
        return shape == Shape.STEP ? STAGES : null;
    }

    /**
     * m(t, T) in [0, m0].
     *
     * @param step t, from 0
     * @param steps T, at least 1
     */
    public double ratio(long step, long steps) {
        if (step < 0 || steps < 1) {
            throw new IllegalArgumentException("there is no step " + step + " of " + steps);
        }
        double x = step / (gamma * steps);
        return x >= 1 ? 0 : m0 * shape.at(x);
    }
}
