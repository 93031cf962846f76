package org.videotg.app.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.videotg.app.report.run.Arm;
import org.videotg.app.report.run.RunReader;
import org.videotg.app.report.run.ShownSample;
import org.videotg.benchmarks.metric.GroundingMetrics;
import org.videotg.benchmarks.metric.Prediction;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Cost;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.RunManifest;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Intervals;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Samples;
import org.videotg.method.agent.Verdict;
import org.videotg.method.curriculum.MaskSchedule;
import org.videotg.method.difficulty.DifficultyRules;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.QuestionForm;
import org.videotg.method.reflection.ReflectionRules;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;
import org.videotg.method.reward.WeightedReward;
import org.videotg.method.selection.Selection;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.method.selection.Selector;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import org.videotg.smallworld.scene.Scene;
import org.videotg.smallworld.scene.SceneGenerator;
import org.videotg.smallworld.scene.SceneGenerator.Split;
import org.videotg.smallworld.scene.SceneRenderer;
import org.videotg.video.Mp4Writer;

/**
 * A run folder as the whole method leaves it, with scenes of the small world and everything said about them drawn by
 * seed.
 */
final class FakeRun {
    static final String HOSTILE = "a <script>alert('x')</script> \"quoted\" & 'single'\nline that blinks";

    private static final ModelIdentity MODEL = new ModelIdentity("small", "qwen3_vl", "0123abcd", "hf, 2 fps");

    private final Path folder;
    private final Map<String, Scene> scenes = new HashMap<>();
    private final Map<String, List<Interval>> truth = new LinkedHashMap<>();
    private final List<Sample> train = new ArrayList<>();
    private final List<Sample> test = new ArrayList<>();
    private final Map<String, ReflectionVerdict> reflections = new LinkedHashMap<>();
    private final Map<String, DifficultyVerdict> difficulties = new LinkedHashMap<>();
    private final List<ObjectNode> arms = new ArrayList<>();

    private FakeRun(Path folder) {
        this.folder = folder;
    }

    /** Writes everything; of the videos only those that the report shows. */
    static void write(Path folder, int training, int testing) throws IOException {
        FakeRun run = new FakeRun(folder);
        run.world(training, testing);
        run.agents();
        run.select();
        run.arm("zero-shot", "Zero-shot", 0, 0, .47, false, false);
        run.arm("sft-all", "SFT on all", training, 96, .50, false, false);
        run.arm("grpo-all", "GRPO on all", training, 171, .53, true, false);
        run.arm("grpo-random", "GRPO on a random 10%", training / 10, 21, .49, true, false);
        run.arm("method-grpo", "Method, GRPO", training / 10, 22, .55, true, true);
        run.arm("method-sft", "Method, SFT", training / 10, 14, .51, false, true);
        Files.writeString(folder.resolve("arms.json"), Json.pretty(run.arms));
        RunManifest.start(List.of("demo", "--out", "run"), Instant.EPOCH)
                .withNote("note", HOSTILE)
                .write(folder);
        run.render();
    }

    private void world(int training, int testing) {
        SceneGenerator generator =
                new SceneGenerator(DomainSettings.named("target"), 5, AnnotationDefects.partial(.45, .75));
        for (Split split : Split.values()) {
            for (int i = 0; i < (split == Split.TRAIN ? training : testing); i++) {
                Scene scene = generator.scene(split, i);
                String id = String.format("target-%s-%04d", split.id(), i);
                scenes.put(id, scene);
                truth.put(id, scene.truth(scene.query()));
                String query = split == Split.TRAIN && i % 2 == 0
                        ? HOSTILE
                        : scene.query().text();
                (split == Split.TRAIN ? train : test)
                        .add(Sample.vtg(
                                id, "videos/" + id + ".mp4", scene.seconds(), query, List.of(scene.annotation())));
            }
        }
        Samples.write(folder.resolve("world/train.jsonl"), train);
        Samples.write(folder.resolve("world/test.jsonl"), test);
        Jsonl.write(
                folder.resolve("world/truth.jsonl"),
                truth.entrySet().stream()
                        .map(entry -> Map.of("id", entry.getKey(), "intervals", entry.getValue()))
                        .toList());
    }

    private void agents() {
        ReflectionSettings settings =
                ReflectionSettings.defaults().withForm(QuestionForm.PROBE).withProbe(.6, 2);
        for (Sample sample : train.subList(0, train.size() * 3 / 4)) {
            Random random = Draw.generator(1, "reflect", Draw.key(sample.id()));
            reflections.put(sample.id(), reflection(sample, settings, random));
            if (!reflections.get(sample.id()).partial()) {
                difficulties.put(sample.id(), difficulty(sample, random));
            }
        }
        Jsonl.write(folder.resolve("agents/reflections.jsonl"), reflections.values());
        Jsonl.write(folder.resolve("agents/difficulty.jsonl"), difficulties.values());
    }

    private ReflectionVerdict reflection(Sample sample, ReflectionSettings settings, Random random) {
        double[] times = new double[(int) (sample.duration() * 2)];
        Arrays.setAll(times, i -> i * .5);
        TemporalGrids grids = TemporalGrids.ofFrameTimes(times, sample.duration());
        GridMask mask = ReflectionRules.mask(grids, sample.intervals(), settings);
        int[] visible = mask.visible(grids.size());
        double[] yes = new double[visible.length];
        ArrayNode replies = Json.MAPPER.createArrayNode();
        for (int i = 0; i < yes.length; i++) {
            Interval span = grids.grids().get(visible[i]).span();
            boolean holds = truth.get(sample.id()).stream().anyMatch(span::overlaps);
            yes[i] = 1 / (1 + Math.exp(-((holds ? 1.2 : -1.9) + 1.1 * random.nextGaussian())));
            replies.addObject()
                    .put("grid", visible[i])
                    .put("time", grids.grids().get(visible[i]).timestamp())
                    .put("yes", yes[i]);
        }
        List<Interval> listed = ReflectionRules.probed(grids, visible, yes, settings);
        List<Interval> spans = ReflectionRules.reflected(listed, sample.intervals(), settings);
        return new ReflectionVerdict(
                sample.id(),
                spans,
                ReflectionRules.partial(spans, sample.intervals(), settings),
                false,
                replies,
                MODEL,
                Json.MAPPER.valueToTree(settings),
                listed,
                Verdict.fingerprint(sample),
                new Cost(310, .021, 0, 0),
                null);
    }

    private DifficultyVerdict difficulty(Sample sample, Random random) {
        List<List<Interval>> spans = new ArrayList<>();
        for (int k = 0; k < 4; k++) {
            spans.add(List.of(guess(truth.get(sample.id()).get(0), sample.duration(), .45, random)));
        }
        List<Double> ious = spans.stream()
                .map(span -> Intervals.iou(sample.intervals(), span))
                .toList();
        return new DifficultyVerdict(
                sample.id(),
                ious,
                WeightedReward.std(ious.stream().mapToDouble(iou -> iou).toArray()),
                0,
                DifficultyRules.hard(ious, .3),
                spans,
                spans.stream().map(span -> HOSTILE).toList(),
                null,
                null,
                MODEL,
                Json.MAPPER.valueToTree(DifficultySettings.defaults()),
                Verdict.fingerprint(sample),
                new Cost(420, .034, 0, 0),
                null);
    }

    /** Near the truth with this chance, else anywhere. */
    private static Interval guess(Interval truth, double duration, double skill, Random random) {
        if (random.nextDouble() < skill) {
            return new Interval(
                    Math.max(0, truth.start() + random.nextInt(3) - 1), truth.end() + random.nextInt(3) - 1);
        }
        double start = random.nextInt((int) duration - 4);
        return new Interval(start, start + 2 + random.nextInt(8));
    }

    private void select() {
        Selection selection = new Selector(SelectionSettings.defaults()).select(train, reflections, difficulties);
        Samples.write(folder.resolve("selected.jsonl"), selection.samples());
        Samples.write(folder.resolve("random.jsonl"), train.subList(0, train.size() / 10));
        try {
            Files.writeString(folder.resolve("selection.json"), Json.pretty(selection.report()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void arm(String name, String title, int samples, int cpu, double skill, boolean grpo, boolean method)
            throws IOException {
        Path at = folder.resolve("arms").resolve(name);
        Random random = Draw.generator(2, name);
        List<Prediction> predictions = new ArrayList<>();
        for (Sample sample : test) {
            Interval guess = guess(sample.intervals().get(0), sample.duration(), skill, random);
            String reply = random.nextInt(40) == 0 ? HOSTILE : guess.start() + " to " + guess.end();
            predictions.add(Prediction.of(sample, PromptTemplate.DEFAULT.read(sample.task(), reply)));
        }
        Jsonl.write(at.resolve("eval/predictions.jsonl"), predictions);
        ObjectNode scores = Json.MAPPER.valueToTree(GroundingMetrics.of(predictions));
        scores.put("profile", "videotg")
                .put("prompt", "own")
                .put("fps", 2.0)
                .put("pixelBudget", "64 x 64 a frame")
                .put("unreadableVideos", 0);
        Files.writeString(at.resolve("eval/metrics.json"), Json.pretty(scores));
        int steps = samples == 0 ? 0 : Math.max(40, samples);
        List<ObjectNode> rows = new ArrayList<>();
        MaskSchedule masks = new MaskSchedule(MaskSchedule.Shape.LINEAR, 1, 0.6);
        for (int step = 0; step < steps; step++) {
            double x = step / (double) steps;
            ObjectNode row = Json.MAPPER.createObjectNode().put("step", step);
            if (grpo) {
                row.put("reward", .4 + .25 * (1 - Math.exp(-3 * x)) + .08 * random.nextGaussian());
                row.put("noSignal", random.nextInt(4) / 8.0 * (method ? .5 : 1));
            }
            row.put("maskRatio", method ? masks.ratio(step, steps) * .6 : 0);
            row.put(
                    "loss",
                    grpo ? .01 * random.nextGaussian() : 2.2 * Math.exp(-2 * x) + .1 + .05 * random.nextGaussian());
            rows.add(row.put("cpuSeconds", cpu * (step + 1) / (double) steps));
        }
        if (steps > 0) {
            Jsonl.write(at.resolve("metrics.jsonl"), rows);
            Files.writeString(at.resolve("recipe.yaml"), "# " + name + "\nlr: 2e-4\n");
            RunManifest.start(List.of("train", name), Instant.EPOCH).write(at);
        }
        ObjectNode arm = Json.MAPPER
                .createObjectNode()
                .put("name", name)
                .put("title", title)
                .put("role", Arm.Role.ofName(name).key())
                .put("folder", "arms/" + name)
                .put("samples", samples);
        arm.putObject("compute")
                .put("cpuSeconds", cpu)
                .put("tokenForwards", 161_000L * cpu)
                .put("agentCpuSeconds", method ? 11.5 : 0)
                .put("agentTokenForwards", method ? 1_400_000 : 0);
        arms.add(arm);
    }

    private void render() {
        for (ShownSample.Group group : ShownSample.choose(RunReader.read(folder))) {
            for (ShownSample shown : group.samples()) {
                Mp4Writer.write(
                        shown.located().video().file(),
                        Scene.WIDTH,
                        Scene.HEIGHT,
                        Scene.FRAMES_PER_SECOND,
                        new SceneRenderer(scenes.get(shown.located().sample().id())),
                        Mp4Writer.CRISP);
            }
        }
    }
}
