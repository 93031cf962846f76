package org.videotg.method.curriculum;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;

/**
 * The mask ratio m over the training: the share of the maskable grids that is masked at step t of T. It is m0 at first
 * and 0 from t = gamma * T on. Defined by this project.
 *
 * <p>The adaptive ratio follows the reward, as the difficulty does in AdaRFT (arXiv 2504.05520): after a step whose
 * rollouts for hard samples have the mean IoU R, m becomes m - rate * (R - target) / T, within [0, m0]. So the videos
 * open up while the model does better than the target, and close while it does worse.
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
        double gamma,

        @Setting(
                value = "for adaptive: mean IoU of the rollouts for hard samples above which the ratio falls, and below"
                        + " which it rises; without it 0.5",
                range = "in [0, 1]")
        Double target,

        @Setting(
                value = "for adaptive: how far the ratio would move over the whole training if the mean IoU were 1 away"
                        + " from the target; without it 8",
                range = "above 0")
        Double rate) {
    private static final int STAGES = 3;
    private static final double TARGET = 0.5;
    private static final double RATE = 8;

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
        },
        /** m0, which is the upper bound: the reward decides how far the ratio lies below. */
        ADAPTIVE {
            @Override
            double at(double x) {
                return 1;
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
        Settings.check(MaskSchedule.class, shape, m0, gamma, target, rate);
        if (shape == Shape.ADAPTIVE) {
            target = target == null ? TARGET : target;
            rate = rate == null ? RATE : rate;
        } else if (target != null || rate != null) {
            throw new InputException("\"target\" and \"rate\" are for the adaptive curriculum; leave them out");
        }
    }

    /** A schedule that depends on the step alone. */
    public MaskSchedule(Shape shape, double m0, double gamma) {
        this(shape, m0, gamma, null, null);
    }

    /** For manifests: the number of stages, null for other shapes. */
    @JsonProperty
    Integer stages() {
        return shape == Shape.STEP ? STAGES : null;
    }

    /** Returns whether the ratio depends on the reward of the steps before. */
    @JsonIgnore
    public boolean isAdaptive() {
        return shape == Shape.ADAPTIVE;
    }

    /**
     * m(t, T) in [0, m0]; of an adaptive schedule, the highest that is possible.
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

    /** Returns the adaptive ratio after a step whose rollouts for hard samples have that mean IoU. */
    public double adapted(double ratio, double iou, long steps) {
        return Math.min(m0, Math.max(0, ratio - rate * (iou - target) / steps));
    }
}
