package org.videotg.app.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.app.project.Project;
import org.videotg.core.io.Json;
import org.videotg.core.io.Yaml;
import org.videotg.smallworld.pretrain.PretrainRecipe;

/**
 * The documentation of settings, which is generated from their records: {@code ./videotg recipe --docs docs} writes it.
 */
class RecipeCommandTest {
    private static final Path DOCS = Path.of("../docs");
    private static final Path RECIPES = Path.of("../recipes");

    @TempDir
    Path folder;

    @Test
    void pageAndSchemaAreThoseOfTheRecords() throws IOException {
        for (String file : List.of("recipes.md", "recipe.schema.json")) {
            Files.copy(DOCS.resolve(file), folder.resolve(file));
        }
        Cli.good("recipe", "--docs", folder);
        for (String file : List.of("recipes.md", "recipe.schema.json")) {
            assertEquals(
                    Files.readString(DOCS.resolve(file)),
                    Files.readString(folder.resolve(file)),
                    "write it anew: ./videotg recipe --docs docs");
        }
        String page = Files.readString(DOCS.resolve("recipes.md"));
        assertTrue(page.contains("| `grpo.loss.epsHigh` | number, above 0 | dapo `0.28`, grpo `0.2`,"), page);
        assertTrue(page.contains("| `model` | text | required | model to start from"), page);
        assertTrue(page.contains("| `arms[].name` |"), page);
    }

    @Test
    void everyRecipeNamesTheSchemaAndHasItsKeysOnly() throws IOException {
        JsonNode schema = Json.read(DOCS.resolve("recipe.schema.json"));
        List<Path> recipes;
        try (Stream<Path> files = Files.walk(RECIPES)) {
            recipes = files.filter(file -> file.toString().endsWith(".yaml"))
                    .filter(file -> !file.getFileName().toString().matches("project.yaml|pretrain.*"))
                    .toList();
        }
        assertTrue(recipes.size() > 15, recipes.toString());
        for (Path recipe : recipes) {
            String text = Files.readString(recipe);
            String mark = "# yaml-language-server: $schema=";
            assertTrue(text.startsWith(mark), recipe.toString());
            Path named =
                    recipe.resolveSibling(text.lines().findFirst().orElseThrow().substring(mark.length()));
            assertTrue(Files.isSameFile(DOCS.resolve("recipe.schema.json"), named), named.toString());
            known(schema, Yaml.parse(text, recipe.toString()), recipe.toString());
        }
    }

    /** Whether a mapping has the required keys of its schema, and no others than the schema's. */
    private static void known(JsonNode schema, JsonNode mapping, String where) {
        schema.path("required").forEach(key -> assertTrue(mapping.has(key.asText()), where + ": " + key));
        mapping.properties().forEach(entry -> {
            JsonNode property = schema.path("properties").path(entry.getKey());
            assertTrue(property.path("description").asText().length() > 2, where + ": " + entry.getKey());
            if (property.has("properties")) {
                known(property, entry.getValue(), where + ": " + entry.getKey());
            }
        });
    }

    @Test
    void theRecipesOfDemoAndPretrainingAreReadable() {
        assertEquals(
                5,
                PretrainRecipe.read(RECIPES.resolve("pretrain.yaml"), List.of())
                        .stages()
                        .size());
        assertEquals(
                "models/small",
                PretrainRecipe.read(RECIPES.resolve("pretrain-long.yaml"), List.of())
                        .start());
        for (String demo : List.of("demo", "demo-gqa")) {
            assertEquals(
                    6,
                    Project.read(RECIPES.resolve(demo).resolve("project.yaml"))
                            .arms()
                            .size());
        }
    }
}
