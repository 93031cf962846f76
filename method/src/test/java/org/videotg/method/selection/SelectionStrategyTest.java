package org.videotg.method.selection;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;
import org.videotg.core.run.Cost;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.Decisions;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.selection.SelectionStrategy.Wanted;

/** The strategies, each against its formula. */
class SelectionStrategyTest {
    private final List<Sample> data = new ArrayList<>();
    private final Map<String, ReflectionVerdict> reflections = new LinkedHashMap<>();
    private final Map<String, DifficultyVerdict> difficulties = new LinkedHashMap<>();

    private static SelectionSettings settings(String yaml) {
        return Settings.bind(Yaml.parse("{" + yaml + "}", "test"), SelectionSettings.class, "test");
    }

    /** Adds a sample that reflection lets pass; every verdict costs 1 token-forward, and 10 for difficulty. */
    private void add(String id, double length, double iou, double yes) {
        data.add(Sample.vtg(id, "v.mp4", 60, "q", List.of(new Interval(10, 10 + length))));
        ArrayNode replies = Json.MAPPER.createArrayNode();
        replies.addObject().put("grid", 0).put("time", 0.5).put("yes", yes / 2);
        replies.addObject().put("grid", 1).put("time", 1.5).put("yes", yes);
        Cost cost = new Cost(1, 0, 0, 0);
        reflections.put(
                id, new ReflectionVerdict(id, List.of(), false, false, replies, null, null, null, null, cost, null));
        difficulties.put(
                id,
                new DifficultyVerdict(
                        id,
                        List.of(iou),
                        0,
                        0,
                        iou < 0.3,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        new Cost(10, 0.5, 0, 0),
                        null));
    }

    private Selection select(String yaml) {
        return new Selector(settings(yaml)).select(data, reflections, difficulties);
    }

    private static Set<String> ids(Selection selection) {
        return selection.samples().stream().map(Sample::id).collect(Collectors.toCollection(TreeSet::new));
    }

    /** How often each of the ids 0, 1, ... is chosen. */
    private double[] frequencies(SelectionStrategy strategy, int wanted, int seeds) {
        List<Candidate> candidates = data.stream()
                .map(sample -> Candidate.rated(sample, difficulties.get(sample.id())))
                .toList();
        Strata strata = new Strata(SelectionSettings.defaults(), data);
        double[] counts = new double[data.size()];
        for (int seed = 0; seed < seeds; seed++) {
            for (Candidate chosen : strategy.choose(candidates, strata, new Wanted(wanted, seed))) {
                counts[Integer.parseInt(chosen.original().id())] += 1.0 / seeds;
            }
        }
        return counts;
    }

    /** Probability of being among the drawn if one is drawn after the other, in proportion to the weights left. */
    private static void drawn(double[] weights, int left, double probability, boolean[] taken, double[] sums) {
        double total = IntStream.range(0, weights.length)
                .filter(i -> !taken[i])
                .mapToDouble(i -> weights[i])
                .sum();
        for (int i = 0; left > 0 && i < weights.length; i++) {
            if (!taken[i]) {
                double next = probability * weights[i] / total;
                sums[i] += next;
                taken[i] = true;
                drawn(weights, left - 1, next, taken, sums);
                taken[i] = false;
            }
        }
    }

    private void assertDrawnBy(SelectionStrategy strategy, DoubleUnaryOperator weight, double... ious) {
        double[] expected = new double[ious.length];
        drawn(Arrays.stream(ious).map(weight).toArray(), 2, 1, new boolean[ious.length], expected);
        assertArrayEquals(expected, frequencies(strategy, 2, 20_000), 0.015, Arrays.toString(expected));
    }

    @Test
    void weightedDrawsHaveTheFrequenciesOfSequentialDraws() {
        double[] ious = {0, 0.02, 0.3, 0.6, 0.9};
        for (int i = 0; i < ious.length; i++) {
            add("" + i, 5, ious[i], 0);
        }
        assertDrawnBy(SelectionStrategy.named("inverse-iou"), iou -> (1 - iou) * (1 - iou), ious);
        assertDrawnBy(
                settings("strategy: gaussian, iou: 0.3, even: false").strategy(),
                iou -> Math.exp(-Math.pow((iou - 0.3) / 0.2, 2) / 2),
                ious);
        // 0 and 0.02 share a bin of width 0.05.
        assertDrawnBy(
                SelectionStrategy.named("gaussian"),
                iou -> Math.exp(-Math.pow((iou - 0.05) / 0.2, 2) / 2) / (iou < 0.05 ? 2 : 1),
                ious);
    }

    @Test
    void aSampleOfWeightZeroIsNeverDrawn() {
        add("0", 5, 1, 0);
        add("1", 5, 0.5, 0);
        assertArrayEquals(new double[] {0, 1}, frequencies(SelectionStrategy.named("inverse-iou"), 2, 50), 1e-9);
    }

    @Test
    void randomTakesEverySampleEquallyOftenAndAsksNobody() {
        for (int i = 0; i < 5; i++) {
            add("" + i, 5, 0.5, 0);
        }
        double[] counts = new double[5];
        for (int seed = 0; seed < 2000; seed++) {
            Selection selection = new Selector(settings("strategy: random, fraction: 0.4, seed: " + seed))
                    .select(data, Map.of(), Map.of());
            selection.samples().forEach(sample -> counts[Integer.parseInt(sample.id())] += 1.0 / 2000);
            assertEquals(Optional.empty(), Curation.of(selection.samples().get(0)));
        }
        assertArrayEquals(new double[] {0.4, 0.4, 0.4, 0.4, 0.4}, counts, 0.045);
    }

    @Test
    void theRangeOfIousIsOpenBelow() {
        double[] ious = {0, 0.1, 0.7, 0.71};
        for (int i = 0; i < ious.length; i++) {
            add("" + i, 5, ious[i], 0);
        }
        assertEquals(Set.of("1", "2"), ids(select("strategy: iou-range, fraction: 1")));
        assertEquals(Set.of("0", "1"), ids(select("strategy: iou-range, fraction: 1, low: -1, high: 0.1")));
        assertEquals(2, select("strategy: iou-range, fraction: 1").report().ineligible());
    }

    @Test
    void theOracleTakesCompleteSamplesOnly() {
        for (int i = 0; i < 4; i++) {
            add("" + i, 5, 0.5, 0);
        }
        SelectionSettings oracle = settings("strategy: oracle, fraction: 1");
        Map<String, List<Interval>> truth = new LinkedHashMap<>();
        truth.put("0", List.of(new Interval(10, 15)));
        truth.put("1", List.of(new Interval(10, 19)));
        truth.put("2", List.of(new Interval(10, 15), new Interval(30, 32)));
        truth.put("3", List.of(new Interval(12, 15), new Interval(10, 12)));
        Selection selection = new Selector(oracle, Decisions.NONE, Optional.of(new PlantedTruth(truth)))
                .select(data, Map.of(), Map.of());
        assertEquals(Set.of("0", "3"), ids(selection));
        assertEquals(2, selection.report().discarded());
        refused("--truth", () -> new Selector(oracle));
        refused(
                "must not know",
                () -> new Selector(SelectionSettings.defaults(), Decisions.NONE, Optional.of(new PlantedTruth(truth))));
        truth.remove("2");
        Selector incomplete = new Selector(oracle, Decisions.NONE, Optional.of(new PlantedTruth(truth)));
        refused("says nothing about sample \"2\"", () -> incomplete.select(data, Map.of(), Map.of()));
    }

    private static void refused(String what, org.junit.jupiter.api.function.Executable call) {
        String message = assertThrows(InputException.class, call).getMessage();
        assertTrue(message.contains(what), message);
    }

    /** Half of the data is long; half of the candidates is hard, and suspicion has nothing to do with either. */
    private void mixed(int samples) {
        Random random = new Random(3);
        for (int i = 0; i < samples; i++) {
            add("s" + i, i % 2 == 0 ? 2 : 8, i % 4 < 2 ? 0.5 : 0.9, random.nextDouble());
        }
    }

    @Test
    void balancedKeepsTheMixAndDropsTheMostSuspiciousOfEachStratum() {
        mixed(400);
        // Of the long ones reflection lets pass only half.
        for (int i = 1; i < 400; i += 4) {
            reflections.put(
                    "s" + i,
                    new ReflectionVerdict(
                            "s" + i,
                            List.of(new Interval(30, 40)),
                            true,
                            false,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null));
        }
        Selection selection = select("strategy: balanced, fraction: 0.2, drop: 0.25, mix: data");
        assertEquals(80, selection.samples().size());
        assertEquals(
                List.of(40, 40),
                selection.report().lengths().stream()
                        .map(Selection.Report.LengthBin::selected)
                        .toList(),
                "lengths as in the data");
        Map<Double, Long> hardness = selection.samples().stream()
                .filter(sample -> sample.intervals().get(0).length() < 5)
                .collect(Collectors.groupingBy(
                        sample -> Curation.of(sample).orElseThrow().difficulty(), Collectors.counting()));
        assertEquals(Set.of(20L), Set.copyOf(hardness.values()), "difficulties as among the candidates");
        Selection asCandidates = select("strategy: balanced, fraction: 0.2, drop: 0.25");
        assertEquals(
                List.of(54, 26),
                asCandidates.report().lengths().stream()
                        .map(Selection.Report.LengthBin::selected)
                        .toList());
        for (Set<Integer> stratum : List.of(Set.of(0), Set.of(2), Set.of(3))) {
            List<String> all = IntStream.range(0, 400)
                    .filter(i -> stratum.contains(i % 4))
                    .mapToObj(i -> "s" + i)
                    .sorted(Comparator.comparingDouble(id -> reflections.get(id).suspicion()))
                    .toList();
            List<String> most = all.subList(75, 100);
            assertTrue(Collections.disjoint(most, ids(selection)), most.toString());
        }
        double yes = selection.samples().stream()
                .mapToDouble(sample -> reflections.get(sample.id()).suspicion())
                .average()
                .orElseThrow();
        assertTrue(yes > 0.3, "the others are not sorted by suspicion: " + yes);
    }

    @Test
    void balancedTakesSuspiciousOnesRatherThanTooFew() {
        mixed(40);
        Selection selection = select("strategy: balanced, fraction: 1, drop: 0.9");
        assertEquals(40, selection.samples().size());
        assertEquals(40, ids(selection).size());
    }

    @Test
    void quotasAreProportionalWithinCapacities() {
        assertArrayEquals(new int[] {5, 3, 2}, Strata.quotas(new double[] {5, 3, 2}, new int[] {9, 9, 9}, 10));
        assertArrayEquals(new int[] {1, 6, 3}, Strata.quotas(new double[] {5, 4, 2}, new int[] {1, 9, 9}, 10));
        assertArrayEquals(new int[] {2, 0, 3}, Strata.quotas(new double[] {1, 0, 1}, new int[] {2, 9, 3}, 10));
        Random random = new Random(1);
        for (int trial = 0; trial < 2000; trial++) {
            int cells = 1 + random.nextInt(6);
            double[] weights = random.doubles(cells).toArray();
            int[] capacities = random.ints(cells, 0, 20).toArray();
            int total = random.nextInt(60);
            int[] quotas = Strata.quotas(weights, capacities, total);
            assertEquals(
                    Math.min(total, Arrays.stream(capacities).sum()),
                    Arrays.stream(quotas).sum());
            for (int a = 0; a < cells; a++) {
                assertTrue(quotas[a] >= 0 && quotas[a] <= capacities[a]);
                for (int b = 0; b < cells; b++) {
                    // Who is not full has no less than anybody else, by weight, but for the rounding of both.
                    if (quotas[a] < capacities[a]) {
                        assertTrue(
                                (quotas[a] + 1) / weights[a] > (quotas[b] - 1) / weights[b],
                                Arrays.toString(weights) + Arrays.toString(capacities) + Arrays.toString(quotas));
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stratified", "random", "iou-range", "gaussian", "inverse-iou", "balanced"})
    void neitherTheOrderOfTheDataNorThatOfTheVerdictsMatters(String strategy) {
        Random random = new Random(7);
        for (int i = 0; i < 120; i++) {
            add("s" + i, 1 + random.nextInt(9), random.nextInt(11) / 10.0, random.nextDouble());
        }
        String yaml = "fraction: 0.2, strategy: " + strategy;
        Set<String> before = ids(select(yaml));
        assertEquals(24, before.size());
        Collections.shuffle(data, random);
        List<String> order = new ArrayList<>(difficulties.keySet());
        Collections.shuffle(order, random);
        order.forEach(id -> difficulties.put(id, difficulties.remove(id)));
        assertEquals(before, ids(select(yaml)));
        assertTrue(!before.equals(ids(select(yaml + ", seed: 1"))), "the seed matters");
    }

    /** Other selections may have asked about more samples. */
    @Test
    void theReportCountsTheCostOfWhatThisSelectionLookedAt() {
        mixed(100);
        Selection.Report two = select("fraction: 0.1, poolFactor: 2").report();
        assertEquals(
                List.of(20, 20, 20),
                List.of(two.pool(), two.reflection().samples(), two.difficulty().samples()));
        assertEquals(new Cost(220, 10, 0, 0), two.agentCost());
        Selection.Report all = select("fraction: 0.1").report();
        assertEquals(100, all.pool(), "without a pool factor all verdicts count");
        Selection.Report rated = select("fraction: 0.1, strategy: iou-range, high: 1, poolFactor: 1")
                .report();
        assertEquals(new Cost(100, 5, 0, 0), rated.agentCost());
        Selection.Report reread =
                Json.convert(Json.parse(Json.line(rated), "report"), Selection.Report.class, "report");
        assertEquals("iou-range", reread.settings().path("strategy").asText());
        assertEquals(rated.agentCost(), reread.agentCost());
    }

    /** So every part of the method can be tried without the others. */
    @Test
    void reflectionAndDifficultyCanBeAddedToAStrategyOrTakenFromIt() {
        mixed(20);
        reflections.put(
                "s0",
                new ReflectionVerdict(
                        "s0", List.of(new Interval(30, 40)), true, false, null, null, null, null, null, null, null));
        assertEquals(19, select("fraction: 1").samples().size());
        Selection unfiltered =
                new Selector(settings("fraction: 1, reflect: false")).select(data, Map.of(), difficulties);
        assertEquals(20, unfiltered.samples().size());
        assertTrue(Curation.of(unfiltered.samples().get(0)).isPresent());
        Selection filtered = new Selector(settings("fraction: 1, strategy: random, reflect: true"))
                .select(data, reflections, Map.of());
        assertEquals(19, filtered.samples().size());
        Selection rated = new Selector(settings("fraction: 0.5, strategy: random, rate: true"))
                .select(data, Map.of(), difficulties);
        assertTrue(
                rated.samples().stream().allMatch(sample -> Curation.of(sample).isPresent()));
        assertEquals(ids(select("fraction: 0.5, strategy: random")), ids(rated));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "strategy: best|unknown value \"best\"; known: stratified, random, iou-range, gaussian, inverse-iou, oracle, balanced",
                "strategy: gaussian, low: 1|unknown key \"low\"",
                "strategy: gaussian, std: 0|\"std\" must be above 0",
                "strategy: iou-range, low: 0.5, high: 0.5|\"low\" must be below \"high\"",
                "strategy: balanced, reflect: false|leave \"reflect\" out",
                "rate: false|leave \"rate\" out",
                "poolFactor: 0.5|\"poolFactor\" must be at least 1",
            })
    void wrongSettingsAreNamed(String yaml, String expected) {
        refused(expected, () -> settings(yaml));
    }
}
