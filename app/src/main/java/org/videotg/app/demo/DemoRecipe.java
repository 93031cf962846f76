package org.videotg.app.demo;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.videotg.app.report.run.Arm.Role;
import org.videotg.app.settings.Overrides;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * Settings of a demo.
 *
 * @param seed of agents, selection and the random draw
 * @param world to render
 * @param selection of the method; the random draw has the same size
 * @param reflection settings that differ from the defaults, or null
 * @param difficulty settings that differ from the defaults, or null
 * @param maxTokens of a reply in evaluation
 * @param seconds estimated CPU seconds of the stages, for the estimate of the time left
 * @param overrides settings by dotted key that replace those of all arms' recipes; null for none
 * @param arms to compare
 */
public record DemoRecipe(
        long seed,
        World world,
        Selection selection,
        JsonNode reflection,
        JsonNode difficulty,
        int maxTokens,
        Seconds seconds,
        Map<String, String> overrides,
        List<Arm> arms) {
    /** Every key of the file. */
    public static final Set<String> KEYS = Set.of(
            "seed", "world", "selection", "reflection", "difficulty", "maxTokens", "seconds", "overrides", "arms");

    public DemoRecipe {
        if (world == null || selection == null || seconds == null || arms == null || arms.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"world\", \"selection\", \"seconds\" and at least one of \"arms\" must be given");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("\"maxTokens\" must be at least 1, not " + maxTokens);
        }
        arms = List.copyOf(arms);
        overrides = overrides == null ? Map.of() : Map.copyOf(overrides);
        Set<String> names = new HashSet<>();
        arms.forEach(arm -> {
            if (!names.add(arm.name())) {
                throw new IllegalArgumentException("two \"arms\" are called \"" + arm.name() + "\"");
            }
        });
    }

    /**
     * See {@link org.videotg.smallworld.WorldSettings}.
     *
     * @param task vtg or gqa; null means vtg
     */
    public record World(String domain, long seed, int train, int test, double partial, double truncated, String task) {
        public World {
            task = task == null ? "vtg" : task;
            if (domain == null || train < 1 || test < 1) {
                throw new IllegalArgumentException(
                        "\"world\" needs a \"domain\", and at least one video each for \"train\" and \"test\"");
            }
        }
    }

    /** See {@link org.videotg.method.selection.SelectionSettings}. */
    public record Selection(double fraction, String policy) {}

    /** Estimated CPU seconds on one core. */
    public record Seconds(double world, double features, double curate, double eval) {}

    /** The training data of an arm. */
    public enum Data {
        ALL,
        RANDOM,
        SELECTED;

        @JsonValue
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One way of training.
     *
     * @param name of its folder
     * @param title in tables
     * @param role in the comparison; null for the one that the name suggests
     * @param recipe of its training, relative to the demo's recipe; null for the model without training
     * @param data to train on; null if {@code recipe} is
     * @param seconds estimated CPU seconds of training
     */
    public record Arm(String name, String title, Role role, String recipe, Data data, double seconds) {
        public Arm {
            if (name == null || !name.matches("[a-z0-9][a-z0-9-]*") || title == null) {
                throw new IllegalArgumentException(
                        "an arm needs a \"name\" of lower-case letters, digits and hyphens, and a \"title\"");
            }
            if ((recipe == null) != (data == null)) {
                throw new IllegalArgumentException(
                        "arm \"" + name + "\" needs both \"recipe\" and \"data\", or neither");
            }
            role = role == null ? Role.ofName(name) : role;
        }
    }

    /**
     * Reads a recipe.
     *
     * @throws InputException naming the file and the wrong key
     */
    public static DemoRecipe read(Path file) {
        ObjectNode root = Overrides.yaml(file);
        root.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new InputException(file + ": unknown key \"" + key + "\"; known: "
                        + String.join(", ", KEYS.stream().sorted().toList()));
            }
        });
        return Json.convert(root, DemoRecipe.class, file.toString());
    }
}
