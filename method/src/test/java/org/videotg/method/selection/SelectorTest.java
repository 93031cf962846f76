package org.videotg.method.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.IntNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReflectionPolicy;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.reflection.ReviewDecision;
import org.videotg.method.selection.Selection.Report.Bin;

class SelectorTest {
    private static final List<Interval> ANNOTATED = List.of(new Interval(10, 20));
    private static final SelectionSettings SETTINGS = SelectionSettings.defaults();

    private final List<Sample> data = new ArrayList<>();
    private final Map<String, ReflectionVerdict> reflections = new LinkedHashMap<>();
    private final Map<String, DifficultyVerdict> difficulties = new LinkedHashMap<>();

    private Sample sample(String id) {
        Sample sample = Sample.vtg(id, "v.mp4", 60, "q", ANNOTATED).withExtra("difficulty", IntNode.valueOf(7));
        data.add(sample);
        return sample;
    }

    private void reflected(String id, boolean partial, boolean undecided, List<Interval> spans, List<Interval> listed) {
        reflections.put(
                id, new ReflectionVerdict(id, spans, partial, undecided, null, null, null, listed, null, null, null));
    }

    private void rated(String id, double iou, List<Interval> listed) {
        difficulties.put(
                id,
                new DifficultyVerdict(
                        id,
                        List.of(iou),
                        0,
                        0,
                        iou < 0.3,
                        List.of(List.of(new Interval(10, 10 + 10 * iou))),
                        null,
                        listed,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
    }

    private void clean(String id, double iou) {
        sample(id);
        reflected(id, false, false, List.of(), List.of());
        rated(id, iou, null);
    }

    private Selection select(SelectionSettings settings) {
        return new Selector(settings).select(data, reflections, difficulties);
    }

    private boolean eligible(String id) {
        return select(SETTINGS.withFraction(1)).samples().stream()
                .anyMatch(sample -> sample.id().equals(id));
    }

    @Test
    void theNumberIsAShareOfTheOriginalCount() {
        for (int i = 0; i < 100; i++) {
            sample("s" + i);
            if (i < 40) {
                reflected(
                        "s" + i, i % 2 == 0, false, i % 2 == 0 ? List.of(new Interval(30, 40)) : List.of(), List.of());
                rated("s" + i, 0.5, null);
            }
        }
        Selection selection = select(SETTINGS);
        assertEquals(10, selection.samples().size());
        Selection.Report report = selection.report();
        assertEquals(
                List.of(100, 40, 20, 20, 10, 10),
                List.of(
                        report.original(),
                        report.pool(),
                        report.kept(),
                        report.discarded(),
                        report.wanted(),
                        report.selected()));
        assertTrue(report.full());
        assertFalse(select(SETTINGS.withFraction(0.5)).report().full(), "20 pass, 50 are wanted");
        assertEquals(1, SETTINGS.wanted(3));
        assertEquals(2, SETTINGS.wanted(15));
        assertEquals(15, SETTINGS.withPoolFactor(1.5).poolWanted(100));
    }

    @Test
    void binsGetEqualSharesAsFarAsTheyReach() {
        for (int i = 0; i < 60; i++) {
            clean("easy" + i, 0.95);
        }
        for (int i = 0; i < 3; i++) {
            clean("hard" + i, 0);
        }
        for (int i = 0; i < 7; i++) {
            clean("middle" + i, 0.5);
        }
        Selection selection = select(SETTINGS.withFraction(0.2));
        assertEquals(
                List.of(
                        new Bin(0, 0.2, 60, 6),
                        new Bin(0.2, 0.4, 0, 0),
                        new Bin(0.4, 0.6, 7, 5),
                        new Bin(0.6, 0.8, 0, 0),
                        new Bin(0.8, 1, 3, 3)),
                selection.report().bins());
    }

    @Test
    void theSelectionDependsOnSeedAndIdsOnly() {
        for (int i = 0; i < 200; i++) {
            clean("s" + i, (i % 11) / 10.0);
        }
        List<String> ids =
                select(SETTINGS).samples().stream().map(Sample::id).sorted().toList();
        Collections.shuffle(data, new Random(1));
        assertEquals(
                ids,
                select(SETTINGS).samples().stream().map(Sample::id).sorted().toList());
        assertNotEquals(
                ids,
                select(SETTINGS.withSeed(1)).samples().stream()
                        .map(Sample::id)
                        .sorted()
                        .toList());
        List<Sample> chosen = select(SETTINGS).samples();
        List<String> order = data.stream().map(Sample::id).toList();
        for (int i = 1; i < chosen.size(); i++) {
            assertTrue(
                    order.indexOf(chosen.get(i - 1).id())
                            < order.indexOf(chosen.get(i).id()),
                    "in the order of the data");
        }
    }

    @Test
    void aHardSampleNeedsASpanNearbyOrNothingAnywhere() {
        clean("nothing anywhere", 0.1);
        sample("span at the threshold");
        reflected("span at the threshold", false, false, List.of(), List.of(new Interval(30, 30.4)));
        difficulties.put(
                "span at the threshold",
                new DifficultyVerdict(
                        "span at the threshold",
                        List.of(0.0, 0.0, 0.3),
                        0,
                        0,
                        true,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        sample("listed far away");
        reflected("listed far away", false, false, List.of(), List.of(new Interval(30, 30.4)));
        rated("listed far away", 0.29, null);
        sample("listed nearby");
        reflected("listed nearby", false, false, List.of(), List.of());
        rated("listed nearby", 0, List.of(new Interval(15, 20), new Interval(40, 50)));
        sample("listed elsewhere by the other agent");
        reflected("listed elsewhere by the other agent", false, false, List.of(), List.of());
        rated("listed elsewhere by the other agent", 0, List.of(new Interval(40, 50)));
        sample("undecided");
        reflected("undecided", false, true, List.of(), List.of());
        rated("undecided", 0, null);
        sample("undecided and easy");
        reflected("undecided and easy", false, true, List.of(), List.of());
        rated("undecided and easy", 0.3, null);
        assertTrue(eligible("nothing anywhere"));
        assertTrue(eligible("span at the threshold"));
        assertFalse(eligible("listed far away"));
        assertTrue(eligible("listed nearby"));
        assertFalse(eligible("listed elsewhere by the other agent"));
        assertFalse(eligible("undecided"), "an undecided reflection has not found nothing");
        assertTrue(eligible("undecided and easy"));
        Selection.Report report = select(SETTINGS).report();
        assertEquals(List.of(6, 3, 2), List.of(report.hard(), report.ineligible(), report.undecided()));
    }

    @Test
    void selectedSamplesCarryTheirCurationBesideTheirOwnFields() {
        clean("s", 0.1);
        Sample selected = select(SETTINGS).samples().get(0);
        assertEquals(7, selected.extra().get("difficulty").asInt());
        Curation curation = Curation.of(selected).orElseThrow();
        assertEquals(new Curation(0.9, true, List.of(), false, false), curation);
        assertTrue(Samples.toJson(selected).toString().contains("\"curation\":{\"difficulty\":0.9,\"hard\":true,"));
        assertTrue(Curation.of(data.get(0)).isEmpty());
    }

    @Test
    void aRepairedSampleIsRatedByItsRepairedAnnotation() {
        sample("s");
        reflected("s", true, false, List.of(new Interval(20, 30)), null);
        difficulties.put(
                "s",
                new DifficultyVerdict(
                        "s",
                        List.of(0.25),
                        0,
                        0,
                        true,
                        List.of(List.of(new Interval(15, 30))),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        Sample repaired =
                select(SETTINGS.withPolicy(ReflectionPolicy.REPAIR)).samples().get(0);
        assertEquals(List.of(new Interval(10, 30)), repaired.intervals());
        assertEquals(
                new Curation(0.25, false, List.of(new Interval(20, 30)), false, true),
                Curation.of(repaired).orElseThrow());
        assertEquals(
                1, select(SETTINGS.withPolicy(ReflectionPolicy.REVIEW)).report().pending());
        Selection kept = new Selector(
                        SETTINGS,
                        Decisions.of(List.of(ReviewDecision.of("s", ReviewDecision.Choice.KEEP))),
                        Optional.empty())
                .select(data, reflections, difficulties);
        assertEquals(1, kept.report().kept(), "a person's decision wins");
    }

    @Test
    void peopleSetTheAnnotationThatIsTrainedOn() {
        sample("s");
        reflected("s", true, false, List.of(new Interval(20, 30)), null);
        difficulties.put(
                "s",
                new DifficultyVerdict(
                        "s",
                        List.of(0.0),
                        0,
                        0,
                        true,
                        List.of(List.of(new Interval(20, 24))),
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null));
        Selection repaired = decided(new ReviewDecision(
                "s", ReviewDecision.Choice.REPAIR, List.of(new Interval(20, 28)), "ann", null, null));
        assertEquals(List.of(new Interval(20, 28)), repaired.samples().get(0).intervals());
        Curation curation = Curation.of(repaired.samples().get(0)).orElseThrow();
        assertEquals(0.5, curation.difficulty(), 1e-12, "the predictions are scored with the new annotation");
        assertTrue(curation.repaired() && !curation.hard());
        Selection hard = decided(ReviewDecision.of("s", ReviewDecision.Choice.KEEP));
        assertEquals(1, hard.report().selected(), "hard, with an annotation that a person has confirmed");
        Selection unsure = decided(ReviewDecision.of("s", ReviewDecision.Choice.UNSURE));
        assertEquals(List.of("s"), unsure.pending().stream().map(Sample::id).toList());
        assertEquals(1, unsure.report().pending());
        InputException old = assertThrows(
                InputException.class,
                () -> decided(new ReviewDecision("s", ReviewDecision.Choice.KEEP, null, null, null, "0123")));
        assertTrue(old.getMessage().contains("decide again"), old.getMessage());
    }

    private Selection decided(ReviewDecision decision) {
        return new Selector(
                        SETTINGS.withFraction(1).withPolicy(ReflectionPolicy.REVIEW),
                        Decisions.of(List.of(decision)),
                        Optional.empty())
                .select(data, reflections, difficulties);
    }

    @Test
    void samplesThatCouldNotBeJudgedAreCountedAndLeftOut() {
        for (String id : List.of("a", "b", "c")) {
            clean(id, 0.5);
        }
        reflections.put(
                "a",
                new ReflectionVerdict("a", List.of(), false, true, null, null, null, null, null, null, "no stream"));
        difficulties.put(
                "b",
                new DifficultyVerdict(
                        "b", List.of(), 0, 0, false, null, null, null, null, null, null, null, null, "no stream"));
        difficulties.remove("c");
        Selection.Report report = select(SETTINGS.withFraction(1)).report();
        assertEquals(
                List.of(0, 2, 1, 0), List.of(report.selected(), report.failed(), report.unrated(), report.undecided()));
    }

    @Test
    void verdictsOnOtherDataAreRefused() {
        clean("a", 0.5);
        Map<String, ReflectionVerdict> other = new HashMap<>();
        other.put("x", reflections.get("a"));
        Selector selector = new Selector(SETTINGS);
        assertThrows(InputException.class, () -> selector.select(data, other, difficulties));
        reflections.put(
                "a", new ReflectionVerdict("a", List.of(), false, false, null, null, null, null, "0123", null, null));
        String message =
                assertThrows(InputException.class, () -> select(SETTINGS)).getMessage();
        assertTrue(message.contains("another version"), message);
    }
}
