package org.videotg.training.recipe;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.videotg.core.config.Setting;
import org.videotg.method.curriculum.MaskCurriculum;
import org.videotg.method.curriculum.MaskRule;
import org.videotg.method.curriculum.MaskSchedule;

/** Settings of the mask curriculum for hard samples. */
@JsonPropertyOrder({"name", "schedule", "plan"})
public record CurriculumSettings(
        @Setting.Inline MaskSchedule schedule,
        @Setting.Inline MaskRule plan) {
    @JsonProperty
    public String name() {
        return schedule.shape().id();
    }

    public MaskCurriculum curriculum(long seed) {
        return new MaskCurriculum(plan, seed);
    }
}
