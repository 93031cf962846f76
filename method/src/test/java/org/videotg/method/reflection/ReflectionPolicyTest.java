package org.videotg.method.reflection;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Jsonl;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.method.agent.AgentRun;
import org.videotg.method.reflection.ReflectionPolicy.Status;

class ReflectionPolicyTest {
    private static final Sample SAMPLE = Sample.vtg("s", "v.mp4", 30, "q", List.of(new Interval(10, 15)));
    private static final List<Interval> FOUND = List.of(new Interval(2, 4), new Interval(15.5, 18));

    private static ReflectionVerdict verdict(List<Interval> spans, boolean partial, boolean undecided, String error) {
        return new ReflectionVerdict("s", spans, partial, undecided, null, null, null, null, null, null, error);
    }

    private static Status status(ReflectionPolicy policy, ReflectionVerdict verdict, ReviewDecision.Choice decision) {
        return policy.apply(
                        SAMPLE, verdict, Optional.ofNullable(decision).map(choice -> ReviewDecision.of("s", choice)))
                .status();
    }

    @Test
    void partialSamplesMeetThePolicy() {
        ReflectionVerdict partial = verdict(FOUND, true, false, null);
        assertEquals(Status.DISCARDED, status(ReflectionPolicy.DISCARD, partial, null));
        assertEquals(Status.REPAIRED, status(ReflectionPolicy.REPAIR, partial, null));
        assertEquals(Status.PENDING, status(ReflectionPolicy.REVIEW, partial, null));
        assertEquals(
                List.of(new Interval(2, 4), new Interval(10, 15), new Interval(15.5, 18)),
                ReflectionPolicy.REPAIR
                        .apply(SAMPLE, partial, Optional.empty())
                        .sample()
                        .orElseThrow()
                        .intervals());
    }

    @Test
    void othersAreKeptAsTheyAre() {
        for (ReflectionPolicy policy : ReflectionPolicy.values()) {
            assertEquals(
                    Optional.of(SAMPLE),
                    policy.apply(SAMPLE, verdict(List.of(), false, false, null), Optional.empty())
                            .sample());
            assertEquals(
                    Optional.of(SAMPLE),
                    policy.apply(SAMPLE, verdict(List.of(), false, true, null), Optional.empty())
                            .sample(),
                    "undecided is kept");
            assertEquals(
                    Status.FAILED, status(policy, verdict(List.of(), false, true, "v.mp4: no video stream"), null));
        }
    }

    @Test
    void aPersonsDecisionWins() {
        ReflectionVerdict partial = verdict(FOUND, true, false, null);
        ReflectionVerdict clean = verdict(List.of(), false, false, null);
        for (ReflectionPolicy policy : ReflectionPolicy.values()) {
            assertEquals(Status.KEPT, status(policy, partial, ReviewDecision.Choice.KEEP));
            assertEquals(Status.DISCARDED, status(policy, clean, ReviewDecision.Choice.DISCARD));
            assertEquals(Status.REPAIRED, status(policy, partial, ReviewDecision.Choice.REPAIR));
            assertEquals(Status.KEPT, status(policy, clean, ReviewDecision.Choice.REPAIR), "nothing to repair with");
            assertEquals(
                    status(policy, partial, null), status(policy, partial, ReviewDecision.Choice.UNSURE), "can't tell");
            ReflectionVerdict failed = verdict(List.of(), false, true, "v.mp4: no video stream");
            assertEquals(Status.KEPT, status(policy, failed, ReviewDecision.Choice.KEEP));
            List<Interval> edited = List.of(new Interval(9, 16));
            assertEquals(
                    edited,
                    policy.apply(
                                    SAMPLE,
                                    partial,
                                    Optional.of(new ReviewDecision(
                                            "s", ReviewDecision.Choice.REPAIR, edited, "ann", null, null)))
                            .sample()
                            .orElseThrow()
                            .intervals());
        }
    }

    @Test
    void verdictsReadBack(@TempDir Path folder) {
        Path file = folder.resolve("reflections.jsonl");
        ReflectionVerdict partial = verdict(FOUND, true, false, null);
        Jsonl.write(file, List.of(partial));
        assertEquals(Map.of("s", partial), AgentRun.read(file, ReflectionVerdict.class));
        AtomicFiles.writeString(file, "{\"id\":\"x\",\"spans\":[],\"partial\":true}\n");
        assertTrue(assertThrows(InputException.class, () -> AgentRun.read(file, ReflectionVerdict.class))
                .getMessage()
                .contains("can't be partial"));
        AtomicFiles.writeString(file, "{\"id\":\"x\",\"spans\":[]}\n{\"id\":\"x\",\"spans\":[]}\n");
        assertTrue(assertThrows(InputException.class, () -> AgentRun.read(file, ReflectionVerdict.class))
                .getMessage()
                .contains(":2: id \"x\" is there twice"));
    }

    @Test
    void settingsReadBackAndRefuseNonsense() {
        ReflectionSettings settings =
                ReflectionSettings.defaults().withForm(QuestionForm.PROBE).withSeed(1L << 40);
        String json = Json.line(settings);
        assertTrue(json.contains("\"form\":\"probe\"") && json.contains("\"maskMode\":\"drop\""), json);
        assertEquals(settings, Json.convert(Json.parse(json, "t"), ReflectionSettings.class, "t"));
        for (String bad : List.of(
                "\"samples\":1|\"samples\":0",
                "\"voteThreshold\":0.5|\"voteThreshold\":1.0",
                "\"minSpan\":0.5|\"minSpan\":-1",
                "\"form\":\"probe\"|\"form\":null")) {
            String[] change = bad.split("\\|");
            assertTrue(json.contains(change[0]), change[0]);
            String changed = json.replace(change[0], change[1]);
            String message = assertThrows(
                            InputException.class,
                            () -> Json.convert(Json.parse(changed, "t"), ReflectionSettings.class, "t"))
                    .getMessage();
            assertTrue(message.startsWith("t: \"") && message.lines().count() == 1, message);
        }
        assertEquals(0, settings.decoding(3).temperature());
        assertEquals(1, settings.withSamples(2).decoding(3).temperature());
        assertThrows(InputException.class, () -> ReflectionPolicy.named("drop"));
    }
}
