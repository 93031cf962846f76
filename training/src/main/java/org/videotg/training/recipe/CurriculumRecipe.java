package org.videotg.training.recipe;

import org.videotg.core.grid.MaskMode;
import org.videotg.method.curriculum.Curriculum;
import org.videotg.method.curriculum.MaskPlan;
import org.videotg.method.curriculum.MaskSchedule;

/**
 * The mask curriculum for samples whose {@code curation} says that they are hard.
 *
 * @param name of the schedule
 */
public record CurriculumRecipe(String name, MaskSchedule schedule, MaskPlan plan) {
    private static final String NONE = "none";

    /** Null for "none". */
    static CurriculumRecipe of(Section section) {
        String name = section.text("name", NONE);
        double m0 = section.number("m0", 1);
        double gamma = section.number("gamma", 0.6);
        MaskPlan plan = new MaskPlan(
                section.choice("order", MaskPlan.DEFAULT.order(), MaskPlan.Order.values(), MaskPlan.Order::label),
                section.choice("mode", MaskPlan.DEFAULT.mode(), MaskMode.values(), MaskMode::label));
        section.done();
        return name.equals(NONE)
                ? null
                : new CurriculumRecipe(name, section.check(() -> MaskSchedule.named(name, m0, gamma)), plan);
    }

    public Curriculum curriculum(long seed) {
        return new Curriculum(schedule, plan, seed);
    }
}
