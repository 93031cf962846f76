package org.videotg.method.selection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.PowerCut;
import org.videotg.core.mllm.ScriptedMllm;
import org.videotg.core.mllm.UnavailableException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.run.Draw;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.run.Progress;
import org.videotg.core.sample.Curation;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.VideoRef;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.difficulty.DifficultyEstimationAgent;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.difficulty.DifficultyVerdict;
import org.videotg.method.reflection.BoundaryReflectionAgent;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.reflection.ReflectionVerdict;

/** Runs of the agents over a data set: kill and resume, refusal, bad videos, early stop. */
class CurationTest {
    private static final ReflectionSettings REFLECTION = ReflectionSettings.defaults();
    private static final DifficultySettings DIFFICULTY = DifficultySettings.defaults();
    private static final int SAMPLES = 40;

    @TempDir
    private Path folder;

    private Path dataFile;
    private final List<Sample> data = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Every fourth annotation is truncated. */
    @BeforeEach
    void makeData() throws IOException {
        dataFile = folder.resolve("train.jsonl");
        Files.createFile(folder.resolve("torn.mp4"));
        for (int i = 0; i < SAMPLES; i++) {
            data.add(Sample.vtg(
                    "s" + i, "v" + i + ".mp4", 32, "event " + i, List.of(new Interval(4, i % 4 == 0 ? 8 : 14))));
            Files.createFile(folder.resolve("v" + i + ".mp4"));
        }
    }

    private ScriptedMllm model(double noise) {
        return knowing(new ScriptedMllm(noise, true));
    }

    private static ScriptedMllm knowing(ScriptedMllm mllm) {
        for (int i = 0; i < SAMPLES; i++) {
            mllm.knows("v" + i + ".mp4", 32, "event " + i, new Interval(4, 14));
        }
        return mllm;
    }

    private static ScriptedMllm model(String name, String weights) {
        return knowing(new ScriptedMllm(0, true) {
            @Override
            public ModelIdentity identity() {
                return new ModelIdentity(name, "oracle", weights, "one grid a second");
            }
        });
    }

    private AgentRun<ReflectionVerdict> reflections(ScriptedMllm mllm, ReflectionSettings settings, String file) {
        return AgentRun.open(
                new BoundaryReflectionAgent(mllm, PromptTemplate.DEFAULT, settings),
                folder.resolve(file),
                dataFile,
                data,
                warnings::add);
    }

    private AgentRun<DifficultyVerdict> difficulties(ScriptedMllm mllm, String file) {
        return AgentRun.open(
                new DifficultyEstimationAgent(mllm, PromptTemplate.DEFAULT, DIFFICULTY),
                folder.resolve(file),
                dataFile,
                data,
                warnings::add);
    }

    private Selection curate(ScriptedMllm mllm, String name, SelectionSettings settings) {
        return curate(mllm, name, settings, 1);
    }

    private Selection curate(ScriptedMllm mllm, String name, SelectionSettings settings, int parallel) {
        try (AgentRun<ReflectionVerdict> reflections = reflections(mllm, REFLECTION, name + "-r.jsonl");
                AgentRun<DifficultyVerdict> difficulties = difficulties(mllm, name + "-d.jsonl")) {
            return new CurationPipeline(
                            new Selector(settings),
                            Optional.of(reflections).filter(run -> settings.reflects()),
                            Optional.of(difficulties).filter(run -> settings.rates()))
                    .run(data, parallel, Progress.silent());
        }
    }

    private String text(String file) {
        return AtomicFiles.readString(folder.resolve(file));
    }

    @Test
    void aKilledRunGoesOnAndAsksNothingTwice() {
        ScriptedMllm straight = model(0.2);
        AgentRun.Summary whole =
                reflections(straight, REFLECTION, "whole.jsonl").judgeAll(data, 1, Progress.silent());
        List<String> asked = new ArrayList<>();
        AgentRun.Summary last = null;
        for (int life = 0; last == null; life++) {
            ScriptedMllm mllm = model(0.2).diesAfter(9);
            try {
                last = reflections(mllm, REFLECTION, "killed.jsonl").judgeAll(data, 1, Progress.silent());
            } catch (IllegalStateException killed) {
                assertTrue(life < 10, "no progress");
            }
            asked.addAll(mllm.asked());
        }
        assertEquals(text("whole.jsonl"), text("killed.jsonl"));
        assertEquals(straight.asked(), asked);
        assertEquals(SAMPLES, new HashSet<>(asked).size());
        assertEquals(whole.cost().tokenForwards(), last.cost().tokenForwards(), "the cost of all lives is kept");
        assertEquals(straight.cost().tokenForwards(), last.cost().tokenForwards());
        assertEquals(List.of(SAMPLES, 4, 0), List.of(last.samples(), last.judged(), last.failed()));
    }

    /** Answers come in another order than the questions. */
    private ScriptedMllm slow(double noise) {
        return knowing(new ScriptedMllm(noise, true) {
            @Override
            public TemporalGrids grids(VideoRef video) {
                LockSupport.parkNanos((long) (3e6 * Draw.uniform(0, "delay", Draw.key(video.name()))));
                return super.grids(video);
            }
        });
    }

    @Test
    void verdictsDoNotDependOnHowManyAreInFlight() {
        List<Sample> order = Selector.shuffled(data, 3);
        reflections(model(0.2), REFLECTION, "one.jsonl").judgeAll(order, 1, Progress.silent());
        reflections(slow(0.2), REFLECTION, "many.jsonl").judgeAll(order, 8, Progress.silent());
        assertEquals(text("one.jsonl"), text("many.jsonl"));
        assertEquals(
                data.stream().map(Sample::id).toList(),
                List.copyOf(AgentRun.read(folder.resolve("many.jsonl"), ReflectionVerdict.class)
                        .keySet()),
                "in the order of the data");
    }

    /** What is in flight when one question fails is finished and kept. */
    @Test
    void aFailureKeepsWhatWasInFlight() {
        List<String> asked = new ArrayList<>();
        int lives = 0;
        for (boolean done = false; !done; lives++) {
            ScriptedMllm mllm = slow(0.2).diesAfter(13);
            try (AgentRun<ReflectionVerdict> run = reflections(mllm, REFLECTION, "killed.jsonl")) {
                run.judgeAll(data, 6, Progress.silent());
                done = true;
            } catch (IllegalStateException killed) {
                assertEquals("killed", killed.getMessage());
            }
            asked.addAll(mllm.asked());
        }
        assertEquals(4, lives);
        assertEquals(SAMPLES, asked.size(), "nothing was asked twice");
        assertEquals(SAMPLES, new HashSet<>(asked).size());
        reflections(model(0.2), REFLECTION, "whole.jsonl").judgeAll(data, 1, Progress.silent());
        assertEquals(text("whole.jsonl"), text("killed.jsonl"));
    }

    /** A server that is gone is no failure of the samples in flight. */
    @Test
    void aModelThatCannotAnswerAtAllStopsTheRun() {
        ScriptedMllm gone = model(0).fails(new UnavailableException("the server is gone", null));
        try (AgentRun<ReflectionVerdict> run = reflections(gone, REFLECTION, "r.jsonl")) {
            assertThrows(UnavailableException.class, () -> run.judgeAll(data, 4, Progress.silent()));
            assertTrue(run.verdicts().isEmpty() && warnings.isEmpty());
        }
    }

    @Test
    void theSelectionDoesNotDependOnHowManyAreInFlight() {
        for (double fraction : new double[] {0.1, 0.5}) {
            SelectionSettings settings = SelectionSettings.defaults().withFraction(fraction);
            Selection one = curate(model(0.2), "one" + fraction, settings);
            for (int parallel : new int[] {2, 7, SAMPLES}) {
                String name = "many" + parallel + fraction;
                ScriptedMllm mllm = slow(0.2);
                Selection many = curate(mllm, name, settings, parallel);
                assertEquals(one.samples(), many.samples());
                assertEquals(one.report(), many.report(), "surplus verdicts count in no figure");
                int stored = AgentRun.read(folder.resolve(name + "-r.jsonl"), ReflectionVerdict.class)
                        .size();
                assertTrue(stored >= one.report().pool(), "kept " + stored);
            }
        }
    }

    @Test
    void aHalfWrittenLineIsAskedAboutAgain() throws IOException {
        difficulties(model(0.2), "d.jsonl").judgeAll(data.subList(0, 3), 1, Progress.silent());
        String whole = text("d.jsonl");
        Files.writeString(folder.resolve("d.jsonl"), whole.substring(0, whole.length() - 20));
        ScriptedMllm again = model(0.2);
        difficulties(again, "d.jsonl").judgeAll(data.subList(0, 3), 1, Progress.silent());
        assertEquals(whole, text("d.jsonl"));
        assertEquals(1, again.asked().size());
    }

    @Test
    void otherSettingsModelOrDataAreRefusedInOneLine() throws IOException {
        reflections(model(0), REFLECTION, "r.jsonl").judgeAll(data.subList(0, 3), 1, Progress.silent());
        refused(
                "made with settings \"samples\" 1, this run has 3",
                () -> reflections(model(0), REFLECTION.withSamples(3), "r.jsonl"));
        refused("made with model \"weights\" \"noise 0.0\"", () -> reflections(model(0.5), REFLECTION, "r.jsonl"));
        Sample edited = data.get(1).withIntervals(List.of(new Interval(1, 2)));
        Sample first = data.set(1, edited);
        refused("sample \"s1\" is another one in", () -> reflections(model(0), REFLECTION, "r.jsonl"));
        data.set(1, first);
        reflections(model(0), REFLECTION, "r.jsonl");
        Sample removed = data.remove(2);
        refused("sample \"s2\" is not in", () -> reflections(model(0), REFLECTION, "r.jsonl"));
        data.add(2, removed);
        Files.writeString(folder.resolve("r.jsonl"), "{\"id\":\"s9\",\"spans\":[]}\n", StandardOpenOption.APPEND);
        refused("r.jsonl:4: the verdict does not say its settings", () -> reflections(model(0), REFLECTION, "r.jsonl"));
    }

    @Test
    void aModelThatWasMovedGoesOn() {
        String sha = "0123456789abcdef".repeat(4);
        reflections(model("/old/model", sha), REFLECTION, "r.jsonl").judgeAll(data.subList(0, 3), 1, Progress.silent());
        reflections(model("/new/model", sha), REFLECTION, "r.jsonl").judgeAll(data.subList(0, 4), 1, Progress.silent());
        assertEquals(
                4,
                AgentRun.read(folder.resolve("r.jsonl"), ReflectionVerdict.class)
                        .size());
        reflections(model("http://a/v1#m", "of a server"), REFLECTION, "s.jsonl")
                .judgeAll(data.subList(0, 3), 1, Progress.silent());
        refused(
                "made with model \"name\" \"http://a/v1#m\"",
                () -> reflections(model("http://b/v1#m", "of a server"), REFLECTION, "s.jsonl"));
    }

    private static void refused(String what, Executable resume) {
        String message = assertThrows(InputException.class, resume).getMessage();
        assertTrue(message.contains(what), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void anUnreadableVideoIsReportedAndTheOthersGoOn() {
        data.add(1, Sample.vtg("bad", "torn.mp4", 32, "event 1", List.of(new Interval(4, 14))));
        AgentRun.Summary summary = reflections(model(0), REFLECTION, "r.jsonl").judgeAll(data, 1, Progress.silent());
        assertEquals(List.of(SAMPLES + 1, 1), List.of(summary.samples(), summary.failed()));
        assertEquals(1, warnings.size());
        assertTrue(
                warnings.get(0).startsWith("sample \"bad\": ")
                        && warnings.get(0).contains("torn.mp4"),
                warnings.get(0));
        ReflectionVerdict bad = AgentRun.read(folder.resolve("r.jsonl"), ReflectionVerdict.class)
                .get("bad");
        assertTrue(bad.failed() && !bad.partial());
        reflections(model(0), REFLECTION, "r.jsonl");
        Selection selection = curate(model(0), "c", SelectionSettings.defaults().withFraction(1));
        assertEquals(1, selection.report().failed());
    }

    @Test
    void afterAPowerCutNoVerdictIsDamaged() throws IOException {
        Path root = Files.createDirectory(folder.resolve("root"));
        List<Sample> some = data.subList(0, 3);
        Map<String, ReflectionVerdict> whole;
        try (AgentRun<ReflectionVerdict> run = reflections(model(0), REFLECTION, "whole.jsonl")) {
            run.judgeAll(some, 1, Progress.silent());
            whole = run.verdicts();
        }
        List<Path> images = PowerCut.during(root, folder.resolve("images"), () -> {
            try (AgentRun<ReflectionVerdict> run = reflections(model(0), REFLECTION, "root/r.jsonl")) {
                run.judgeAll(some, 1, Progress.silent());
            }
        });
        for (Path image : images) {
            String file = folder.relativize(image.resolve("r.jsonl")).toString();
            try (AgentRun<ReflectionVerdict> run = reflections(model(0), REFLECTION, file)) {
                run.judgeAll(some, 1, Progress.silent());
                assertEquals(whole.keySet(), run.verdicts().keySet());
            }
        }
        assertEquals(
                3,
                AgentRun.read(images.get(images.size() - 1).resolve("r.jsonl"), ReflectionVerdict.class)
                        .size());
    }

    /** Such as a drive that is unmounted during the run: no sample is to blame. */
    @Test
    void aVideoThatIsRemovedDuringTheRunStopsIt() throws IOException {
        Path video = Files.writeString(folder.resolve("removed.mp4"), "a video");
        data.add(0, Sample.vtg("removed", "removed.mp4", 32, "event 1", List.of(new Interval(4, 14))));
        try (AgentRun<ReflectionVerdict> run = reflections(model(0), REFLECTION, "r.jsonl")) {
            Files.delete(video);
            String message = assertThrows(OutputException.class, () -> run.judge(data.get(0)))
                    .getMessage();
            assertTrue(message.contains("removed.mp4 was there"), message);
            assertTrue(run.verdicts().isEmpty() && warnings.isEmpty());
        }
    }

    /** Also after the file was rewritten. */
    @Test
    void notesOnVideosAreStoredWithTheVerdictsAndCounted() {
        data.add(0, Sample.vtg("bad", "torn.mp4", 32, "event 1", List.of(new Interval(4, 14))));
        String note = "v1.mp4: its frame rate varies";
        ScriptedMllm mllm = new ScriptedMllm(0, true) {
            @Override
            public List<String> notes(VideoRef video) {
                return video.name().equals("v1.mp4") ? List.of(note) : List.of();
            }
        };
        mllm.knows("v0.mp4", 32, "event 0", new Interval(4, 14));
        mllm.knows("v1.mp4", 32, "event 1", new Interval(4, 14));
        AgentRun<ReflectionVerdict> run = reflections(mllm, REFLECTION, "r.jsonl");
        run.judgeAll(data.subList(0, 3), 1, Progress.silent());
        assertEquals(
                List.of(note, "1 sample has notes on the video, which docs/videos.md explains"),
                warnings.subList(1, 3));
        run.removeFailures();
        assertTrue(
                text("r.jsonl").lines().skip(1).findFirst().orElseThrow().contains(",\"notes\":[\"" + note + "\"],"));
    }

    @Test
    void whatCouldNotBeJudgedIsAskedAboutAgainOnRequest() throws IOException {
        data.add(1, Sample.vtg("bad", "torn.mp4", 32, "event 1", List.of(new Interval(4, 14))));
        reflections(model(0), REFLECTION, "r.jsonl").judgeAll(data, 1, Progress.silent());
        String before = text("r.jsonl");
        ScriptedMllm mended = model(0);
        mended.knows("torn.mp4", 32, "event 1", new Interval(4, 14));
        AgentRun<ReflectionVerdict> log = reflections(mended, REFLECTION, "r.jsonl");
        assertEquals(1, log.removeFailures());
        AgentRun.Summary summary = log.judgeAll(data, 1, Progress.silent());
        assertEquals(List.of(SAMPLES + 1, 1, 0), List.of(summary.samples(), summary.judged(), summary.failed()));
        assertEquals(0, log.removeFailures());
        assertEquals(
                before.lines().filter(line -> !line.contains("\"bad\"")).toList(),
                text("r.jsonl")
                        .lines()
                        .filter(line -> !line.contains("\"bad\""))
                        .toList(),
                "the others' verdicts stay as they were");
    }

    /** Else every sample would stand in the file as one that could not be judged. */
    @Test
    void aTemplateWithoutTheQuestionIsSaidBeforeAnySample() {
        PromptTemplate noList =
                new PromptTemplate("mine", "", "When does {query} happen?", null, null, null, null, null, null, null);
        String message = assertThrows(
                        InputException.class,
                        () -> AgentRun.open(
                                new BoundaryReflectionAgent(model(0), noList, REFLECTION),
                                folder.resolve("r.jsonl"),
                                dataFile,
                                data,
                                warnings::add))
                .getMessage();
        assertTrue(message.contains("\"mine\" has no text \"list\""), message);
        assertTrue(warnings.isEmpty() && Files.notExists(folder.resolve("r.jsonl")));
        DifficultySettings listing = DIFFICULTY.withList(true);
        assertThrows(
                InputException.class,
                () -> AgentRun.open(
                        new DifficultyEstimationAgent(model(0), noList, listing),
                        folder.resolve("d.jsonl"),
                        dataFile,
                        data,
                        warnings::add));
    }

    /** Decided at the start: what becomes of the video afterwards does not change the run. */
    @Test
    void aSkippedSampleStaysSkippedUntilItIsAskedForAgain() {
        AgentRun<ReflectionVerdict> run = reflections(model(0), REFLECTION, "r.jsonl");
        run.skip(Map.of("s2", "v2.mp4 is empty"));
        run.judgeAll(data.subList(0, 1), 1, Progress.silent());
        AgentRun<ReflectionVerdict> resumed = reflections(model(0), REFLECTION, "r.jsonl");
        resumed.skip(Map.of("s0", "v0.mp4 is empty"));
        AgentRun.Summary summary = resumed.judgeAll(data.subList(0, 4), 1, Progress.silent());
        assertEquals(List.of(4, 1), List.of(summary.samples(), summary.failed()));
        assertEquals("v2.mp4 is empty", resumed.verdicts().get("s2").error());
        assertTrue(!resumed.verdicts().get("s0").failed(), "it has a verdict");
        assertEquals(1, resumed.removeFailures());
        assertEquals(
                0, resumed.judgeAll(data.subList(0, 4), 1, Progress.silent()).failed());
    }

    @Test
    void curationStopsWhenTheSelectionIsFull() {
        ScriptedMllm mllm = model(0);
        Selection selection = curate(mllm, "c", SelectionSettings.defaults());
        assertEquals(4, selection.samples().size());
        int pool = selection.report().pool();
        assertTrue(pool >= 4 && pool < 20, "pool " + pool);
        assertEquals(pool, selection.report().reflection().samples());
        assertEquals(4, selection.report().difficulty().samples());
        assertEquals(pool + 4, mllm.asked().size());
        assertEquals(mllm.cost().tokenForwards(), selection.report().agentCost().tokenForwards());
        for (Sample sample : selection.samples()) {
            assertEquals(14, sample.intervals().get(0).end(), "no truncated one is selected");
            assertEquals(0, Curation.of(sample).orElseThrow().difficulty());
        }
    }

    @Test
    void curationThatWasKilledComesToTheSame() {
        SelectionSettings settings =
                SelectionSettings.defaults().withFraction(0.3).withPoolFactor(1.5);
        Selection whole = curate(model(0.2), "whole", settings);
        List<String> asked = new ArrayList<>();
        Selection resumed = null;
        while (resumed == null) {
            ScriptedMllm mllm = model(0.2).diesAfter(7);
            try {
                resumed = curate(mllm, "killed", settings);
            } catch (IllegalStateException killed) {
                assertFalse(mllm.asked().isEmpty());
            }
            asked.addAll(mllm.asked());
        }
        assertEquals(whole, resumed);
        assertEquals(text("whole-r.jsonl"), text("killed-r.jsonl"));
        assertEquals(text("whole-d.jsonl"), text("killed-d.jsonl"));
        assertEquals(asked.size(), new HashSet<>(asked).size());
    }

    @Test
    void selectingFromTheFilesComesToTheSameAsThePipeline() {
        SelectionSettings settings = SelectionSettings.defaults().withPoolFactor(2);
        Selection selection = curate(model(0.2), "c", settings);
        assertEquals(
                selection,
                new Selector(settings)
                        .select(
                                data,
                                AgentRun.read(folder.resolve("c-r.jsonl"), ReflectionVerdict.class),
                                AgentRun.read(folder.resolve("c-d.jsonl"), DifficultyVerdict.class)));
    }

    private static SelectionSettings strategy(String name) {
        return SelectionSettings.defaults().withStrategy(SelectionStrategy.named(name));
    }

    /** The questions of the scripted model are counted, whatever file the verdicts are in. */
    @Test
    void theAgentsAreAskedWhatTheStrategyNeedsAndVerdictsAreShared() {
        ScriptedMllm first = model(0);
        curate(first, "c", SelectionSettings.defaults());
        assertFalse(first.asked().isEmpty());
        ScriptedMllm again = model(0);
        curate(again, "c", SelectionSettings.defaults());
        assertEquals(List.of(), again.asked());

        ScriptedMllm random = model(0);
        assertEquals(4, curate(random, "c", strategy("random")).samples().size());
        assertEquals(List.of(), random.asked());

        int rated = rated();
        String reflected = text("c-r.jsonl");
        ScriptedMllm inverse = model(0.2);
        curate(inverse, "i", strategy("inverse-iou"));
        assertEquals(SAMPLES, inverse.asked().size(), "all, and no reflection");
        ScriptedMllm range = model(0);
        Selection selection = curate(range, "c", strategy("inverse-iou").withPoolFactor(2));
        assertEquals(8, selection.report().difficulty().samples());
        assertEquals(rated() - rated, range.asked().size());
        assertTrue(range.asked().size() < 8, "some had a verdict");
        assertEquals(reflected, text("c-r.jsonl"));
    }

    private int rated() {
        return AgentRun.read(folder.resolve("c-d.jsonl"), DifficultyVerdict.class)
                .size();
    }
}
