package org.videotg.smallworld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import org.videotg.smallworld.scene.Query;
import org.videotg.smallworld.scene.Scene;
import org.videotg.smallworld.scene.SceneGenerator;
import org.videotg.smallworld.scene.SceneGenerator.Split;

class AttributeQuestionTest {
    private static final SceneGenerator TARGET =
            new SceneGenerator(DomainSettings.named("target"), 5, AnnotationDefects.partial(.5, .75));
    private static final List<Scene> SCENES =
            IntStream.range(0, 400).mapToObj(i -> TARGET.scene(Split.TRAIN, i)).toList();

    private static Optional<Sample> ask(int i, boolean shuffled) {
        return AttributeQuestion.about("v" + i, "v.mp4", SCENES.get(i), 5, shuffled);
    }

    /** Each option in turn gives a query of the scene; only the right one ever holds, and it is the scene's own. */
    @Test
    void theRightOptionIsTheSceneQuerysAndNoOtherHolds() {
        int questions = 0;
        Set<String> kinds = new HashSet<>();
        for (int i = 0; i < SCENES.size(); i++) {
            Optional<Sample> question = ask(i, true);
            if (question.isEmpty()) {
                continue;
            }
            questions++;
            Sample sample = question.get();
            Scene scene = SCENES.get(i);
            assertEquals(Task.GQA, sample.task());
            assertEquals(List.of(scene.annotation()), sample.intervals());
            kinds.add(sample.query().split(" ")[1]);
            for (int option = 0; option < 4; option++) {
                Query meant = meant(sample, option);
                boolean right = sample.answer().equals(String.valueOf((char) ('A' + option)));
                assertEquals(right, meant.equals(scene.query()), sample.query());
                assertEquals(
                        right,
                        !scene.truth(meant).isEmpty(),
                        sample.query() + " " + sample.options().get(option));
            }
        }
        assertEquals(Set.of("colour", "shape", "does"), kinds);
        assertTrue(
                questions > .5 * SCENES.size() && questions < SCENES.size(),
                questions + " scenes have a question with one answer");
    }

    @Test
    void optionsAreShuffledOnlyIfAsked() {
        Set<String> fixed = new HashSet<>();
        Set<String> shuffled = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            ask(i, false).ifPresent(sample -> fixed.add(sample.options().toString()));
            ask(i, true).ifPresent(sample -> shuffled.add(sample.options().toString()));
            assertEquals(ask(i, true), ask(i, true));
        }
        assertEquals(3, fixed.size());
        assertTrue(shuffled.size() > 20, shuffled.toString());
    }

    private static Query meant(Sample sample, int option) {
        String word = sample.options().get(option);
        String[] words =
                sample.query().substring(0, sample.query().length() - 1).split(" ");
        String sentence = switch (words[1]) {
            case "colour" ->
                "the " + word + " " + words[4] + " "
                        + String.join(" ", List.of(words).subList(6, words.length));
            case "shape" ->
                "the " + words[4] + " " + word + " "
                        + String.join(" ", List.of(words).subList(7, words.length));
            default -> "the " + words[3] + " " + words[4] + " " + word;
        };
        return Query.parse(sentence).orElseThrow(() -> new AssertionError(sentence));
    }
}
