package org.videotg.app.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.config.Settings;
import org.videotg.smallworld.WorldWriter;

/**
 * Holds the worlds of the committed studies to the hashes that were written down before the studies ran on them, and the
 * studies to each other.
 */
class CommittedStudiesTest {
    private static final Path STUDY = Path.of("../bench/experiments/headline");

    @ParameterizedTest
    @ValueSource(strings = {"truncated 11", "systematic 12"})
    void theJudgingWorldsAreStillTheSame(String world) throws IOException {
        String data = world.split(" ")[0];
        long seed = Long.parseLong(world.split(" ")[1]);
        Project project = Project.read(STUDY.resolve("judging.yaml"));
        DataSet.World settings = project.data().stream()
                .filter(one -> one.name().equals(data))
                .findFirst()
                .orElseThrow()
                .world();
        List<String> hashes = Files.readAllLines(STUDY.resolve("worlds.txt"));
        assertEquals(
                hashes.stream().filter(line -> line.startsWith(world + " ")).toList(),
                List.of(world + " " + WorldWriter.fingerprint(settings.settings(seed))));
    }

    @Test
    void theStudyOfOtherBasesHasTheArmsAndSettingsOfTheJudgingRuns() {
        Project judging = Project.read(STUDY.resolve("judging.yaml"));
        Project other = Project.read(STUDY.resolve("bases.yaml"));
        assertEquals(
                List.of("truncated"), other.data().stream().map(DataSet::name).toList());
        List<Project.Arm> added =
                other.arms().subList(judging.arms().size(), other.arms().size());
        assertEquals(
                List.of("method-20", "method-30", "method-sft-20", "method-sft-30"),
                added.stream().map(Project.Arm::name).toList());
        assertEquals(
                Settings.with(
                        judging,
                        Map.of(
                                "bases",
                                other.bases(),
                                "data",
                                List.of(judging.data().get(0)))),
                Settings.with(
                        other,
                        Map.of(
                                "arms",
                                other.arms().subList(0, judging.arms().size()),
                                "selections",
                                judging.selections())));
        assertTrue(
                other.selections().entrySet().containsAll(judging.selections().entrySet()));
    }
}
