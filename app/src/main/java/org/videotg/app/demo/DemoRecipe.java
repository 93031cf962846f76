package org.videotg.app.demo;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.videotg.app.report.run.Arm.Role;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.reflection.ReflectionSettings;

/** Settings of a demo. */
public record DemoRecipe(
        @Setting(value = "seed of agents, selection and the random share", defaultValue = "0")
        long seed,

        @Setting(value = "world that is rendered", required = true)
        World world,

        @Setting(value = "selection of the method, and of the random share, which has the same size", required = true)
        Selection selection,

        @Setting("boundary reflection") ReflectionSettings reflection,
        @Setting("difficulty estimation") DifficultySettings difficulty,

        @Setting(value = "tokens of a reply in evaluation", required = true, range = "at least 1")
        int maxTokens,

        @Setting(value = "CPU seconds of the stages, for the estimate of the time left", required = true)
        Seconds seconds,

        @Setting(
                value = "settings, by their dotted keys, in which the training of all arms differs from their recipes",
                defaultValue = "{}",
                type = "mapping of keys to values")
        Map<String, String> overrides,

        @Setting(value = "arms to compare", required = true) List<Arm> arms) {
    public DemoRecipe {
        if (arms.isEmpty()) {
            throw new InputException("\"arms\" must hold at least one arm");
        }
        arms = List.copyOf(arms);
        overrides = Map.copyOf(overrides);
        Set<String> names = new HashSet<>();
        arms.forEach(arm -> {
            if (!names.add(arm.name())) {
                throw new InputException("two \"arms\" are called \"" + arm.name() + "\"");
            }
        });
    }

    /** See {@link org.videotg.smallworld.WorldSettings}. */
    public record World(
            @Setting(value = "preset of the small world", required = true)
            String domain,

            @Setting(value = "seed of the world", defaultValue = "0")
            long seed,

            @Setting(value = "videos to train on", required = true, range = "at least 1")
            int train,

            @Setting(value = "videos to test on", required = true, range = "at least 1")
            int test,

            @Setting(value = "share of the training samples that are partially annotated", defaultValue = "0")
            double partial,

            @Setting(value = "share of these whose annotation is cut short", defaultValue = "0")
            double truncated,

            @Setting(value = "vtg or gqa", defaultValue = "vtg")
            String task) {}

    /** See {@link org.videotg.method.selection.SelectionSettings}. */
    public record Selection(
            @Setting(value = "share of the samples that is selected", required = true, range = "in (0, 1]")
            double fraction,

            @Setting(value = "what becomes of partially annotated samples: discard, repair or review", required = true)
            String policy) {}

    /** CPU seconds on one core. */
    public record Seconds(
            @Setting("rendering of the world") double world,
            @Setting("vision features of all videos") double features,
            @Setting("agents and selection") double curate,
            @Setting("evaluation of an arm") double eval) {}

    /** The training data of an arm. */
    public enum Data {
        ALL,
        RANDOM,
        SELECTED;

        @JsonValue
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One way of training. */
    public record Arm(
            @Setting(value = "name of its folder: lower-case letters, digits and hyphens", required = true)
            String name,

            @Setting(value = "title in tables", required = true)
            String title,

            @Setting("role in the report's comparison; without it the one that the name suggests")
            Role role,

            @Setting("recipe of its training, in the folder of the demo's recipe; without it the model stays as it is")
            String recipe,

            @Setting("samples that it is trained on; with a recipe only")
            Data data,

            @Setting(value = "CPU seconds that its training takes about", defaultValue = "0")
            double seconds) {
        public Arm {
            if (!name.matches("[a-z0-9][a-z0-9-]*")) {
                throw new InputException(
                        "\"name\" must be lower-case letters, digits and hyphens, not \"" + name + "\"");
            }
            if ((recipe == null) != (data == null)) {
                throw new InputException("arm \"" + name + "\" needs both \"recipe\" and \"data\", or neither");
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
        return Settings.read(file, List.of(), DemoRecipe.class);
    }
}
