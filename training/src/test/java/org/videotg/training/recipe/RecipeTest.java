package org.videotg.training.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.config.Settings;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Sample;
import org.videotg.method.curriculum.MaskSchedule;
import org.videotg.method.reward.CustomReward;
import org.videotg.training.loss.PolicyLoss;

class RecipeTest {
    private static final Path RECIPES = Path.of("../recipes");
    private static final String LEAST = "method: grpo\nmodel: m\ndata: d.jsonl\nsteps: 3\n";

    @TempDir
    Path folder;

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("r.yaml"), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic", "sft", "curriculum"})
    void theRecipesOfTheRepositoryAreReadable(String name) {
        Recipe recipe = Recipe.read(RECIPES.resolve(name + ".yaml"), List.of());
        assertEquals("runs/" + name, recipe.outputFolder().orElseThrow().toString());
        assertEquals(name.equals("sft"), recipe.grpo() == null);
    }

    @Test
    void defaultsAreThoseOfTheField() throws Exception {
        Recipe recipe = Recipe.read(file(LEAST), List.of());
        assertEquals(PolicyLoss.named("dapo"), recipe.grpo().loss().settings());
        assertEquals(8, recipe.grpo().group());
        assertEquals(1, recipe.grpo().temperature());
        assertEquals(1, recipe.optimizer().clip());
        assertNull(recipe.curriculum());
        assertFalse(recipe.compute().trainVision());
        assertEquals(3, recipe.length().stepsOver(1000));
    }

    @Test
    void overridesReachNestedKeys() throws Exception {
        Recipe recipe = Recipe.read(
                file(LEAST),
                List.of(
                        "grpo.loss.name=dr_grpo",
                        "grpo.loss.eps=0.1",
                        "curriculum.name=cosine",
                        "curriculum.mode=drop",
                        "seed=7",
                        "steps=0",
                        "epochs=2",
                        "grpo.rewards={iou: 2}",
                        "accumulation=2"));
        PolicyLoss.DrGrpo loss =
                assertInstanceOf(PolicyLoss.DrGrpo.class, recipe.grpo().loss().settings());
        assertEquals(0.1, loss.clip().eps());
        assertEquals(MaskSchedule.Shape.COSINE, recipe.curriculum().schedule().shape());
        assertEquals(MaskMode.DROP, recipe.curriculum().plan().mode());
        assertEquals(7, recipe.seed());
        assertEquals(2, recipe.grpo().rewards().weights().get("iou"));
        assertEquals(7, recipe.length().stepsOver(50));
        assertNull(Recipe.read(file(LEAST), List.of("method=sft")).grpo());
    }

    @Test
    void advantagesAreScaledAsTheLossIsDefinedUnlessTheRecipeSaysOtherwise() throws Exception {
        assertTrue(Recipe.read(file(LEAST), List.of()).grpo().advantagesByStd());
        assertFalse(Recipe.read(file(LEAST), List.of("grpo.loss.name=dr_grpo"))
                .grpo()
                .advantagesByStd());
        assertFalse(Recipe.read(file(LEAST), List.of("grpo.scaleRewards=false"))
                .grpo()
                .advantagesByStd());
        assertTrue(Recipe.read(file(LEAST), List.of("grpo.loss.name=dr_grpo", "grpo.scaleRewards=true"))
                .grpo()
                .advantagesByStd());
        assertNotEquals(
                Recipe.read(file(LEAST), List.of()).fingerprint(),
                Recipe.read(file(LEAST), List.of("grpo.scaleRewards=false")).fingerprint());
    }

    @Test
    void theFingerprintKnowsWhatDecidesTheWeights() throws Exception {
        String base = Recipe.read(file(LEAST), List.of()).fingerprint();
        assertEquals(
                base,
                Recipe.read(file(LEAST), List.of("output=x", "checkpointEvery=3"))
                        .fingerprint());
        for (String deciding :
                List.of("seed=1", "grpo.loss.name=grpo", "optimizer.learningRate=0.5", "compute.workers=2")) {
            assertNotEquals(base, Recipe.read(file(LEAST), List.of(deciding)).fingerprint(), deciding);
        }
    }

    @Test
    void thePromptMayBeAFileOfTheUsersOwnWhoseTextsDecide() throws Exception {
        Path mine = Files.writeString(folder.resolve("mine.yaml"), PromptTemplate.source("timer1"));
        Recipe recipe = Recipe.read(file(LEAST), List.of("prompt=" + mine));
        assertEquals(mine.toString(), recipe.prompt().name());
        assertEquals(mine.toString(), recipe.toJson().path("prompt").asText());
        assertEquals(Recipe.read(file(LEAST), List.of("prompt=timer1")).fingerprint(), recipe.fingerprint());
        assertNotEquals(
                Recipe.read(file(LEAST), List.of("prompt=timer1:strict")).fingerprint(), recipe.fingerprint());
        Files.writeString(mine, PromptTemplate.source("timer1").replace("pinpoint", "find"));
        assertNotEquals(
                recipe.fingerprint(),
                Recipe.read(file(LEAST), List.of("prompt=" + mine)).fingerprint());
        Files.writeString(mine, "ground: when?");
        String message = assertThrows(InputException.class, () -> Recipe.read(file(LEAST), List.of("prompt=" + mine)))
                .getMessage();
        assertTrue(
                message.startsWith("override \"prompt=" + mine + "\": \"prompt\": " + mine + ":")
                        && message.contains("lacks {query}"),
                message);
    }

    /** A reward as a user would write it. */
    public static final class Own implements CustomReward {
        @Override
        public double score(Sample sample, ParsedReply reply) {
            return reply.formatted() ? 0 : -1;
        }
    }

    @Test
    void aRewardMayBeAClassOfTheUsersOwn() throws Exception {
        String label = "class:" + Own.class.getName();
        Recipe recipe =
                Recipe.read(file(LEAST + "grpo:\n  rewards:\n    iou: 1.0\n    " + label + ": 0.5\n"), List.of());
        assertEquals(0.5, recipe.grpo().rewards().weights().get(label));
    }

    @Test
    void anOverrideMayNameARewardClassWithItsDots() throws Exception {
        String label = "class:" + Own.class.getName();
        Recipe recipe = Recipe.read(file(LEAST), List.of("grpo.rewards.iou=1", "grpo.rewards." + label + "=0.2"));
        assertEquals(Map.of("iou", 1.0, label, 0.2), recipe.grpo().rewards().weights());
        assertEquals(
                Map.of("min_frames", "4"),
                Recipe.read(file(LEAST), List.of("video.min_frames=4")).video().changed());
    }

    @Test
    void aModelIsLookedForBesideTheRecipeToo() throws Exception {
        assertEquals("m", Recipe.read(file(LEAST), List.of()).model());
        Path model = Files.createDirectory(folder.resolve("m"));
        assertEquals("m", Recipe.read(file(LEAST), List.of()).model(), "a folder that is no model");
        Files.writeString(model.resolve("config.json"), "{}");
        assertEquals(model.toString(), Recipe.read(file(LEAST), List.of()).model());
        assertEquals(
                "org/name", Recipe.read(file(LEAST), List.of("model=org/name")).model());
    }

    @Test
    void settingsInTheFormOfAFileReadBack() throws Exception {
        for (String[] overrides : new String[][] {
            {},
            {"method=sft", "lora={targets: [q_proj], exclude: 'x.*'}", "prompt=timer1:strict"},
            {"grpo.loss={name: gspo, beta: 0.1}", "curriculum={name: step}", "video={fps: 2}", "seed=-4"}
        }) {
            Recipe recipe = Recipe.read(file(LEAST), List.of(overrides));
            assertEquals(recipe, Settings.bind(Settings.tree(recipe), Recipe.class, "tree"));
        }
    }

    /** Values and fingerprints of recipes as they were read when runs that may be resumed began. */
    @Test
    void recipesHaveTheValuesThatEarlierRunsRecorded() throws Exception {
        try (var lines = Files.lines(Path.of("src/test/resources/recipes/values.jsonl"))) {
            for (String line : (Iterable<String>) lines::iterator) {
                JsonNode row = Json.parse(line, "values.jsonl");
                List<String> overrides = new ArrayList<>();
                row.get("overrides").forEach(override -> overrides.add(override.asText()));
                Recipe recipe = Recipe.read(RECIPES.resolve(row.get("recipe").asText()), overrides);
                ObjectNode values = (ObjectNode) recipe.toJson();
                // Those runs had no such settings.
                values.remove("log");
                ((ObjectNode) values.get("compute")).remove("shard");
                assertEquals(Json.line(row.get("values")), Json.line(values), line);
                assertEquals(row.get("fingerprint").asText(), recipe.fingerprint(), line);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stepz=3|unknown key \"stepz\"; did you mean \"steps\"? known: accumulation, adapter, batch,",
                "grpo.loss.epsMax=3|unknown key \"grpo.loss.epsMax\"; known in \"grpo.loss\": beta, eps, epsHigh, kl, name",
                "curriculum.gama=1|unknown key \"curriculum.gama\"; did you mean \"curriculum.gamma\"?",
                "steps=ten|\"steps\" must be a whole number, not \"ten\"",
                "steps=1.5|\"steps\" must be a whole number",
                "epochs=1|give either \"steps\" or \"epochs\"",
                "batch=0|\"batch\" must be at least 1, not 0",
                "grpo.group=1|\"grpo.group\" must be at least 2, not 1",
                "grpo=fast|\"grpo\" must be a mapping",
                "grpo.temperature=0|\"grpo.temperature\" must be above 0",
                "grpo.loss.name=ppo|\"grpo.loss.name\": unknown value \"ppo\"; known: dapo, grpo, bnpo, dr_grpo, gspo, cispo",
                "grpo.loss.eps=2|\"grpo.loss.eps\" must be in (0, 1), not 2",
                "grpo.rewards={beauty: 1}|unknown reward \"beauty\"; known: iou",
                "grpo.rewards={'class:org.nobody.Nothing': 1}|\"grpo.rewards\": reward class org.nobody.Nothing is not on the class path",
                "optimizer.learningRate=0|\"optimizer.learningRate\" must be above 0",
                "optimizer.schedule=exp|\"optimizer.schedule\": unknown value \"exp\"; known: constant, linear, cosine",
                "compute.trainVision=maybe|\"compute.trainVision\" must be true or false",
                "curriculum.name=zigzag|\"curriculum.name\": unknown value \"zigzag\"; known: none, linear, cosine, step",
                "curriculum={name: linear, m0: 2}|\"curriculum.m0\" must be in [0, 1]",
                "method=dpo|\"method\": unknown value \"dpo\"; known: grpo, sft",
                "prompt=other|unknown prompt template",
                "seed|is not of the form key=value",
                "seed.deep=1|\"seed\" is a single value",
            })
    void badValuesAreNamed(String override, String expected) throws Exception {
        Path file = file("seed: 0\n" + LEAST);
        InputException error = assertThrows(InputException.class, () -> Recipe.read(file, List.of(override)));
        assertTrue(error.getMessage().contains(expected), error.getMessage());
        assertEquals(1, error.getMessage().lines().count(), error.getMessage());
        assertTrue(
                error.getMessage().contains("r.yaml") || error.getMessage().contains("override"), error.getMessage());
    }

    @Test
    void brokenFilesAreNamed() throws Exception {
        for (String text :
                List.of("method: grpo\nmethod: sft\n", "- a\n- b\n", "a: [1\n", "", "method: grpo\nsteps: 3\n")) {
            Path file = file(text);
            InputException error = assertThrows(InputException.class, () -> Recipe.read(file, List.of()), text);
            assertTrue(error.getMessage().contains("r.yaml"), error.getMessage());
            assertEquals(1, error.getMessage().lines().count(), error.getMessage());
        }
    }
}
