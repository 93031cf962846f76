package org.videotg.smallworld;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.WorldWriter.SceneRow;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import org.videotg.smallworld.scene.Query;
import org.videotg.smallworld.scene.Scene;
import org.videotg.smallworld.scene.SceneGenerator;
import org.videotg.smallworld.scene.SceneGenerator.Split;

class SceneTasksTest {
    private static final SceneGenerator BASE =
            new SceneGenerator(DomainSettings.named("base"), 2, AnnotationDefects.NONE);
    private static final List<Scene> SCENES =
            IntStream.range(0, 300).mapToObj(i -> BASE.scene(Split.TRAIN, i)).toList();

    private static List<Sample> rows(Scene scene) {
        return SceneTasks.of("v", "videos/v.mp4", scene, 2, false);
    }

    @Test
    void everyAnswerIsTheTruth() {
        int none = 0;
        int several = 0;
        for (Scene scene : SCENES) {
            assertEquals(scene.query().text(), rows(scene).get(0).query());
            for (Sample row : rows(scene)) {
                if (row.task() != Task.GQA) {
                    assertEquals(scene.truth(Query.parse(row.query()).orElseThrow()), row.intervals());
                    assertTrue(row.task() == Task.LIST || row.intervals().size() == 1);
                }
                none += row.intervals().isEmpty() ? 1 : 0;
                several += row.intervals().size() > 1 ? 1 : 0;
            }
        }
        assertEquals(2 * SCENES.size(), none);
        assertTrue(several > SCENES.size() / 2, "lists with several intervals: " + several);
    }

    /** Every option is put into the question's sentence; only the right one ever holds, and that in one stretch. */
    @Test
    void aChoiceHasOneTrueOption() {
        Set<String> answers = new HashSet<>();
        for (Scene scene : SCENES) {
            rows(scene).stream().filter(row -> row.task() == Task.GQA).forEach(row -> {
                answers.add(row.options().get(0) + row.answer());
                for (int i = 0; i < 4; i++) {
                    String option = row.options().get(i);
                    List<Query> meant = Query.all().stream()
                            .filter(query -> sentence(row.query(), option).equals(query.text()))
                            .toList();
                    assertEquals(1, meant.size(), row.query());
                    boolean right = row.answer().equals(String.valueOf((char) ('A' + i)));
                    assertEquals(right ? row.intervals() : List.of(), scene.truth(meant.get(0)));
                }
                assertEquals(1, row.intervals().size());
            });
        }
        assertEquals(12, answers.size(), "every attribute and letter is asked about");
    }

    private static String sentence(String question, String option) {
        String plain = question.substring(0, question.length() - 1);
        if (plain.startsWith("what does ")) {
            return plain.replace("what does ", "").replaceAll(" do$", " " + option);
        }
        return plain.startsWith("what colour is the ")
                ? plain.replace("what colour is the ", "the " + option + " ").replace(" that ", " ")
                : plain.replace("what shape is ", "").replace("object that", option);
    }

    @Test
    void idsAreUniqueAndWordsAreInTheVocabulary() {
        Set<String> known = new HashSet<>(AttributeQuestion.words());
        assertEquals(AttributeQuestion.words().size(), known.size());
        for (Scene scene : SCENES) {
            List<Sample> rows = rows(scene);
            assertEquals(rows.size(), rows.stream().map(Sample::id).distinct().count());
            for (Sample row : rows) {
                assertTrue(
                        known.containsAll(
                                Arrays.asList(row.query().replace("?", "").split(" "))),
                        row.query());
                row.options().forEach(option -> assertTrue(known.containsAll(Arrays.asList(option.split(" ")))));
            }
        }
    }

    @Test
    void shuffledOptionsKeepTheRightOne() {
        boolean moved = false;
        for (Scene scene : SCENES.subList(0, 40)) {
            for (Sample row : SceneTasks.of("v", "v.mp4", scene, 2, true)) {
                if (row.task() == Task.GQA && row.query().startsWith("what does")) {
                    String option = row.options().get(row.answer().charAt(0) - 'A');
                    assertEquals(
                            scene.truth(
                                    Query.parse(sentence(row.query(), option)).orElseThrow()),
                            row.intervals());
                    moved |= !row.options().equals(AttributeQuestion.ACTION.options());
                }
            }
        }
        assertTrue(moved);
    }

    @Test
    void labelsListWhatHoldsInEachSecond() {
        Scene scene = SCENES.get(0);
        SceneRow row = SceneRow.of("v", "v.mp4", scene);
        assertEquals(scene.seconds(), row.grids().size());
        for (int second = 0; second < scene.seconds(); second++) {
            int now = second;
            Set<String> expected = new HashSet<>();
            Query.all().stream()
                    .filter(query -> scene.truth(query).stream()
                            .anyMatch(interval -> interval.start() <= now && now < interval.end()))
                    .map(Query::text)
                    .forEach(expected::add);
            Set<String> listed = new HashSet<>();
            row.grids().get(second).forEach(triple -> listed.add("the " + String.join(" ", triple)));
            assertEquals(expected, listed);
            assertEquals(listed.size(), row.grids().get(second).size());
        }
        assertNotEquals(List.of(), row.grids().stream().flatMap(List::stream).toList());
    }
}
