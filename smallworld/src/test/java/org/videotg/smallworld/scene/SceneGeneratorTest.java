package org.videotg.smallworld.scene;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.sample.Interval;
import org.videotg.smallworld.scene.Query.Action;
import org.videotg.smallworld.scene.SceneGenerator.Split;
import org.videotg.smallworld.scene.SceneObject.Event;
import org.videotg.video.FrameSampling;

class SceneGeneratorTest {
    private static final int SCENES = 2000;
    private static final SceneGenerator TARGET =
            new SceneGenerator(DomainSettings.named("target"), 7, AnnotationDefects.partial(.45, .75));
    private static final List<Scene> TRAIN = scenes(TARGET, Split.TRAIN, SCENES);

    private static List<Scene> scenes(SceneGenerator generator, Split split, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> generator.scene(split, i))
                .toList();
    }

    @Test
    void aSceneDependsOnSeedDomainSplitAndNumberOnly() {
        assertEquals(
                TRAIN.get(5),
                new SceneGenerator(DomainSettings.named("target"), 7, AnnotationDefects.partial(.45, .75))
                        .scene(Split.TRAIN, 5));
        assertNotEquals(TRAIN.get(5), TRAIN.get(6));
        assertNotEquals(TRAIN.get(5), TARGET.scene(Split.TEST, 5));
        assertNotEquals(
                TRAIN.get(5),
                new SceneGenerator(DomainSettings.named("target"), 8, AnnotationDefects.partial(.45, .75))
                        .scene(Split.TRAIN, 5));
    }

    @Test
    void completeSamplesAreTheSameWhateverTheShareOfPartialOnes() {
        SceneGenerator clean = new SceneGenerator(DomainSettings.named("target"), 7, AnnotationDefects.NONE);
        for (int i = 0; i < 200; i++) {
            if (isComplete(TRAIN.get(i))) {
                assertEquals(clean.scene(Split.TRAIN, i), TRAIN.get(i));
            }
        }
    }

    @Test
    void sharesOfPartialAnnotationsAreThoseAskedFor() {
        long partial = TRAIN.stream().filter(scene -> !isComplete(scene)).count();
        long repeated = TRAIN.stream().filter(scene -> truth(scene).size() == 2).count();
        assertEquals(.45, (double) partial / SCENES, .03);
        assertEquals(.75, (double) (partial - repeated) / partial, .04);
    }

    @Test
    void truncatedAnnotationsAreTheFirst35To55PercentOfALongEvent() {
        for (Scene scene : TRAIN) {
            Interval whole = truth(scene).get(0);
            if (truth(scene).size() == 1 && !whole.equals(scene.annotation())) {
                assertEquals(whole.start(), scene.annotation().start());
                double share = scene.annotation().length() / whole.length();
                assertTrue(
                        share >= .35 && share <= .55 && whole.length() >= 6, () -> scene.annotation() + " of " + whole);
            }
        }
    }

    @Test
    void systematicDefectsCutLongEventsOnly() {
        AnnotationDefects systematic = new AnnotationDefects(0, 0, .9);
        SceneGenerator generator = new SceneGenerator(DomainSettings.named("target"), 7, systematic);
        SceneGenerator clean = new SceneGenerator(DomainSettings.named("target"), 7, AnnotationDefects.NONE);
        int longEvents = 0;
        int cut = 0;
        for (int i = 0; i < SCENES; i++) {
            Scene scene = generator.scene(Split.TRAIN, i);
            Interval whole = truth(scene).get(0);
            assertEquals(truth(clean.scene(Split.TRAIN, i)), truth(scene), "the videos are the same");
            boolean isCut = !whole.equals(scene.annotation());
            longEvents += whole.length() >= 6 ? 1 : 0;
            cut += isCut ? 1 : 0;
            double share = scene.annotation().length() / whole.length();
            assertTrue(!isCut || (whole.length() >= 6 && share >= .35 && share <= .55), () -> whole + " of " + scene);
            assertEquals(whole.start(), scene.annotation().start());
            assertTrue(isComplete(generator.scene(Split.TEST, i)));
        }
        assertEquals(.9, cut / (double) longEvents, .03);
    }

    @Test
    void annotationsAreOneWholeIntervalOfTheTruthOrItsBeginning() {
        for (Scene scene : TRAIN) {
            Interval annotation = scene.annotation();
            assertTrue(
                    annotation.length() >= 1
                            && annotation.start() == Math.rint(annotation.start())
                            && annotation.end() == Math.rint(annotation.end()),
                    annotation::toString);
            assertTrue(truth(scene).size() <= 2
                    && truth(scene).stream()
                            .anyMatch(whole -> whole.start() == annotation.start() && whole.end() >= annotation.end()));
        }
    }

    @Test
    void completeSamplesAreUnambiguousAndAShareIsShort() {
        List<Scene> test = scenes(TARGET, Split.TEST, SCENES);
        assertTrue(test.stream().allMatch(scene -> truth(scene).equals(List.of(scene.annotation()))));
        long brief =
                test.stream().filter(scene -> scene.annotation().length() <= 3).count();
        assertEquals(.3, (double) brief / SCENES, .04);
        List<Scene> base =
                scenes(new SceneGenerator(DomainSettings.named("base"), 1, AnnotationDefects.NONE), Split.TRAIN, 300);
        assertTrue(base.stream().allMatch(scene -> truth(scene).equals(List.of(scene.annotation()))));
        assertTrue(base.stream().allMatch(scene -> scene.seconds() >= 16 && scene.seconds() <= 32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "dense", "crowded"})
    void truthAgreesWithWhatTheFramesShow(String domain) {
        SceneGenerator generator =
                new SceneGenerator(DomainSettings.named(domain), 3, AnnotationDefects.partial(.45, .75));
        for (Scene scene : scenes(generator, Split.TRAIN, 60)) {
            for (Query query : Query.all()) {
                assertEquals(observedTruth(scene, query), scene.truth(query), query::text);
            }
        }
    }

    @Test
    void targetEventsGoOnWhileTheirObjectIsOutOfSight() {
        int longEvents = 0;
        int hidden = 0;
        for (Scene scene : scenes(
                new SceneGenerator(DomainSettings.named("target"), 3, AnnotationDefects.partial(.45, .75)),
                Split.TRAIN,
                200)) {
            for (SceneObject object : scene.objects()) {
                for (Event event : object.events()) {
                    boolean partHidden = event.hiddenFrom() < event.hiddenTo();
                    longEvents += event.length() >= DomainSettings.OCCLUDED_LENGTH ? 1 : 0;
                    hidden += partHidden ? 1 : 0;
                    assertTrue(
                            !partHidden
                                    || (event.hiddenFrom() - event.start() >= DomainSettings.VISIBLE_SECONDS
                                            && event.end() - event.hiddenTo() >= DomainSettings.VISIBLE_SECONDS),
                            event::toString);
                    for (int second = event.start(); second < event.end(); second++) {
                        boolean inside = second >= event.hiddenFrom() && second < event.hiddenTo();
                        assertEquals(!inside, observedAction(object, second).isPresent(), event::toString);
                    }
                    assertTrue(
                            scene.truth(new Query(object.colour(), object.shape(), event.action())).stream()
                                    .anyMatch(whole -> whole.start() <= event.start() && whole.end() >= event.end()),
                            event::toString);
                }
            }
        }
        assertEquals(DomainSettings.named("target").occluded(), (double) hidden / longEvents, .05);
    }

    @Test
    void mostDistractorsShareTwoAttributesWithTheQuery() {
        DomainSettings all = DomainSettings.named("base");
        int similar = 0;
        int count = 0;
        for (Scene scene : scenes(new SceneGenerator(all, 5, AnnotationDefects.NONE), Split.TRAIN, 1000)) {
            for (SceneObject object : scene.objects()) {
                Query main = new Query(
                        object.colour(), object.shape(), object.events().get(0).action());
                boolean asked = object.events().stream()
                        .anyMatch(e -> e.interval().equals(scene.annotation())
                                && new Query(object.colour(), object.shape(), e.action()).equals(scene.query()));
                if (!asked) {
                    count++;
                    similar += main.shared(scene.query()) == 2 ? 1 : 0;
                }
            }
        }
        assertEquals(.7, (double) similar / count, .03);
    }

    /** Of the frames sampled at 2 fps, 2k and 2k+1 show the two halves of second k, for every length of video. */
    @Test
    void sampledGridsAreTheSecondsOfEvents() {
        for (int seconds = 8; seconds <= 64; seconds++) {
            int total = seconds * Scene.FRAMES_PER_SECOND;
            for (FrameSampling sampling : List.of(FrameSampling.Hf.defaults(), FrameSampling.Utils.defaults())) {
                int count = sampling.count(total, Scene.FRAMES_PER_SECOND);
                assertEquals(2 * seconds, count);
                int[] frames = sampling.indices(total, count);
                for (int i = 0; i < count; i++) {
                    assertEquals(i / 2, frames[i] / Scene.FRAMES_PER_SECOND);
                    assertEquals(i % 2, frames[i] % Scene.FRAMES_PER_SECOND / 2);
                }
            }
        }
    }

    private static List<Interval> truth(Scene scene) {
        return scene.truth(scene.query());
    }

    private static boolean isComplete(Scene scene) {
        return truth(scene).equals(List.of(scene.annotation()));
    }

    /** From nothing but where each object is shown in which frame. */
    private static List<Interval> observedTruth(Scene scene, Query query) {
        List<Interval> found = new ArrayList<>();
        int since = -1;
        for (int second = 0; second <= scene.seconds(); second++) {
            int now = second;
            boolean holds = now < scene.seconds()
                    && scene.objects().stream()
                            .anyMatch(object -> object.colour() == query.colour()
                                    && object.shape() == query.shape()
                                    && observedAction(object, now)
                                            .filter(query.action()::equals)
                                            .isPresent());
            if (holds && since < 0) {
                since = second;
            } else if (!holds && since >= 0) {
                found.add(new Interval(since, second));
                since = -1;
            }
        }
        return found;
    }

    private static Optional<Action> observedAction(SceneObject object, int second) {
        int first = second * Scene.FRAMES_PER_SECOND;
        if (!object.visibleAt(first)) {
            return Optional.empty();
        }
        if (!object.visibleAt(first + 2)) {
            return Optional.of(Action.BLINKS);
        }
        double step = (object.xAt(first + 1) - object.xAt(first) + Scene.WIDTH) % Scene.WIDTH;
        return Optional.of(
                step == 0 ? Action.STAYS : step < Scene.WIDTH / 2.0 ? Action.MOVES_RIGHT : Action.MOVES_LEFT);
    }
}
