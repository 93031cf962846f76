package org.videotg.training.recipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The recipes that the repository ships: all are readable, and the published ones say where each line comes from. */
class RecipesOfTheRepositoryTest {
    private static final Path RECIPES = Path.of("../recipes");
    private static final Path PUBLISHED = RECIPES.resolve("published");
    /** Files of other kinds, read by other commands. */
    private static final Set<String> NO_RECIPES = Set.of("pretrain.yaml", "pretrain-long.yaml", "project.yaml");

    private static final Map<String, String> MODELS =
            Map.of("qwen2.5-vl", "Qwen/Qwen2.5-VL-7B-Instruct", "qwen3-vl", "Qwen/Qwen3-VL-8B-Instruct");
    private static final Set<String> GROUNDED_QUESTIONS = Set.of("next-gqa", "rextime");
    private static final Set<String> SENTENCES = Set.of("charades-sta", "activitynet-captions", "qvhighlights");
    private static final Pattern NAME = Pattern.compile("(.+)-(qwen2\\.5-vl|qwen3-vl)\\.yaml");
    /** Of the header: a letter and where it leads. */
    private static final Pattern SOURCE = Pattern.compile("#   ([A-Z])  \\S.*");
    /** Of a setting: the letter of its source, or "here", and what stands there. */
    private static final Pattern SETTING = Pattern.compile("[^#]+  # ([A-Z]|here): \\S.*");

    private static final Pattern FURTHER_SOURCE = Pattern.compile("; ([A-Z]): ");

    private static List<Path> yaml(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    static List<Path> all() throws IOException {
        return yaml(RECIPES).stream()
                .filter(file -> !NO_RECIPES.contains(file.getFileName().toString()))
                .toList();
    }

    static List<Path> published() throws IOException {
        return yaml(PUBLISHED);
    }

    @ParameterizedTest
    @MethodSource("all")
    void everyRecipeIsReadable(Path file) {
        assertTrue(Recipe.read(file, List.of()).length().prompts() > 0);
    }

    @Test
    void everySetHasARecipeForEachFamily() throws IOException {
        Set<String> expected = Stream.concat(GROUNDED_QUESTIONS.stream(), SENTENCES.stream())
                .flatMap(set -> MODELS.keySet().stream().map(family -> set + "-" + family + ".yaml"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(
                expected,
                published().stream()
                        .map(file -> file.getFileName().toString())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @ParameterizedTest
    @MethodSource("published")
    void everyLineHasItsSource(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        Set<String> sources = new TreeSet<>(Set.of("here"));
        lines.stream().map(SOURCE::matcher).filter(Matcher::matches).forEach(source -> sources.add(source.group(1)));
        Set<String> used = new TreeSet<>();
        for (String line : lines) {
            assertTrue(line.length() <= 130, line);
            if (!line.startsWith("#")) {
                Matcher setting = SETTING.matcher(line);
                assertTrue(setting.matches(), file + ": no source: " + line);
                used.add(setting.group(1));
                FURTHER_SOURCE.matcher(line).results().forEach(further -> used.add(further.group(1)));
            }
        }
        assertEquals(sources, used, file + ": letters in the header, letters in the lines");
    }

    @ParameterizedTest
    @MethodSource("published")
    void modelPromptAndRewardsAreThoseOfTheName(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        assertTrue(name.matches(), file.toString());
        String set = name.group(1);
        boolean qwen3 = name.group(2).equals("qwen3-vl");
        boolean questions = GROUNDED_QUESTIONS.contains(set);
        Recipe recipe = Recipe.read(file, List.of());
        assertEquals(MODELS.get(name.group(2)), recipe.model());
        assertEquals(
                "runs/" + set + "-" + name.group(2),
                recipe.outputFolder().orElseThrow().toString());
        assertTrue(recipe.dataFile().startsWith(recipe.outputFolder().orElseThrow()), recipe.data());
        assertEquals(
                questions ? "videochat-r1-gqa" : qwen3 ? "timelens" : "timer1",
                recipe.prompt().name());
        assertEquals(
                questions ? Set.of("iou", "format", "answer") : qwen3 ? Set.of("iou") : Set.of("iou", "format"),
                recipe.grpo().rewards().weights().keySet());
        assertEquals(qwen3 && !questions, !recipe.grpo().advantagesByStd());
        int token = qwen3 ? 32 : 28;
        int tokens = qwen3 && !questions ? 14336 : 3584;
        assertEquals((double) tokens * token * token, recipe.video().totalPixels());
        assertEquals(0, recipe.video().minPixels() % (token * ((long) token)));
        assertEquals(2, recipe.video().fps());
        assertEquals(8, recipe.grpo().group());
        assertEquals(1e-6, recipe.optimizer().learningRate().peak());
    }

    @ParameterizedTest
    @MethodSource("published")
    void theCommandsOfTheHeaderReadVideosAsTheRecipeDoes(Path file) throws IOException {
        Recipe recipe = Recipe.read(file, List.of());
        String text = Files.readString(file);
        String options = recipe.video().changed().entrySet().stream()
                .map(option -> option.getKey() + "=" + option.getValue())
                .collect(Collectors.joining(","));
        assertTrue(text.contains("#   VIDEO=" + options + "\n"), options);
        assertTrue(
                text.contains("--model " + recipe.model() + " --prompt "
                        + recipe.prompt().name() + " "),
                file.toString());
        assertTrue(text.contains("./videotg train recipes/published/" + file.getFileName() + "\n"), file.toString());
        assertTrue(text.contains("--max-tokens " + recipe.grpo().maxTokens() + "\n"), file.toString());
        assertFalse(text.contains("\t"), file.toString());
    }

    @ParameterizedTest
    @MethodSource("published")
    void theOverridesThatTheHeaderNamesAreTaken(Path file) {
        Recipe method =
                Recipe.read(file, List.of("curriculum.name=linear", "curriculum.m0=1.0", "curriculum.gamma=0.6"));
        assertEquals("linear", method.curriculum().name());
        Recipe sft = Recipe.read(
                file,
                List.of(
                        "method=sft",
                        "steps=0",
                        "epochs=1",
                        "batch=128",
                        "optimizer.schedule=cosine",
                        "optimizer.warmup=0.03",
                        "optimizer.weightDecay=0.1"));
        assertEquals(Recipe.Method.SFT, sft.method());
    }
}
