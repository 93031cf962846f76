package org.videotg.smallworld.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.smallworld.scene.Scene;

/** The multiple-choice question about a scene's own query: grounded VideoQA. */
public final class SceneQuestion {
    private SceneQuestion() {}

    /**
     * Asks for a drawn attribute of the scene's query, of those whose question has one answer in the scene. The annotation is
     * the scene's, so it may be partial.
     *
     * @return no value if every question about the query has several answers
     */
    public static Optional<Sample> of(String id, String video, Scene scene, long seed, boolean shuffleOptions) {
        Random random = Draw.generator(seed, "question", Draw.key(id));
        List<Attribute> order = new ArrayList<>(List.of(Attribute.values()));
        Collections.shuffle(order, random);
        return order.stream()
                .filter(attribute -> attribute.hasOneAnswer(scene, scene.query()))
                .findFirst()
                .map(attribute -> attribute
                        .ask(id, video, scene, scene.query(), shuffleOptions, random)
                        .withIntervals(List.of(scene.annotation())));
    }
}
