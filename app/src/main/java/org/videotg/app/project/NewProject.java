package org.videotg.app.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.videotg.benchmarks.annotation.Annotation;
import org.videotg.benchmarks.annotation.AnnotationFile;
import org.videotg.core.io.InputException;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;
import org.videotg.models.ModelConfig;

/**
 * The first project for a user's own annotations and videos: zero-shot, all data and the method on one base model. What
 * it chooses, and why, stands as comments in the file.
 *
 * @param train annotations to train on
 * @param test annotations to test on; empty to hold out a share of the videos
 * @param videos folder of the videos
 * @param model folder or name on a hub
 */
public record NewProject(Annotations train, Optional<Annotations> test, Path videos, Model model) {
    /** Without annotations to test on, this share of the videos is held out. */
    static final double HOLD_OUT = 0.2;

    /** Videos whose annotations end later than this, in seconds, are long: their frames get fewer pixels. */
    private static final double LONG = 60;

    private static final String CURRICULUM = "{curriculum.name: linear, curriculum.m0: 1.0, curriculum.gamma: 0.6}";

    /**
     * A file of annotations.
     *
     * @param questions csv of NExT-GQA, which has its questions in a file of their own
     */
    public record Annotations(Path file, Optional<Path> questions) {
        AnnotationFile read(Optional<String> format) {
            return AnnotationFile.read(file, new AnnotationFile.Settings(format, Optional.empty(), questions, false));
        }
    }

    /**
     * A base model.
     *
     * @param name folder or name on a hub
     * @param family {@code qwen2.5-vl}, {@code qwen3-vl}, or {@code small} for a model of the small world
     */
    public record Model(String name, String family) {
        private static final String SMALL = "small";

        /**
         * Reads the family from the configuration in a folder, or from a name on a hub.
         *
         * @throws InputException if neither tells it
         */
        public static Model of(String name) {
            Path folder = Path.of(name);
            if (Files.isDirectory(folder)) {
                ModelConfig config = ModelConfig.read(folder.resolve("config.json"));
                return new Model(
                        name,
                        config.isSmall()
                                ? SMALL
                                : config.family().modelType().equals("qwen3_vl") ? "qwen3-vl" : "qwen2.5-vl");
            }
            String lower = name.toLowerCase(Locale.ROOT);
            for (String family : List.of("qwen2.5-vl", "qwen3-vl")) {
                if (lower.contains(family)) {
                    return new Model(name, family);
                }
            }
            throw new InputException("model " + name + " is neither a folder nor a name of Qwen2.5-VL or Qwen3-VL; give"
                    + " one, such as Qwen/Qwen3-VL-2B-Instruct");
        }

        boolean isSmall() {
            return family.equals(SMALL);
        }
    }

    /**
     * Returns the text of the project.
     *
     * @param out where it will be written; files below its folder are named relative to it
     * @param format of the annotations; empty to recognise it by their content
     * @throws InputException if the annotations can't be read or the folder of videos is missing
     */
    public String text(Path out, Optional<String> format) {
        if (!Files.isDirectory(videos)) {
            throw new InputException("--videos " + videos + " is not a folder; give the one that holds the videos");
        }
        AnnotationFile read = train.read(format);
        List<Annotation> rows = read.annotations();
        Form form = Form.of(rows);
        String name = read.format().name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]+", "-");
        List<String> lines = new ArrayList<>();
        lines.add("# " + rows.size() + " rows of " + train.file().getFileName() + ", format "
                + read.format().name() + ": " + read.format().label());
        lines.add("# ./videotg run " + out + " --out OUT              all stages; docs/projects.md has every key");
        lines.add("bases:");
        lines.add("  - {name: base, model: " + quoted(located(model.name(), out)) + "}" + modelComment());
        lines.add("data:");
        lines.add("  - name: " + name);
        lines.add("    train: " + quoted(located(train.file(), out)));
        test.ifPresent(file -> lines.add("    test: " + quoted(located(file.file(), out))));
        lines.add("    convert: {" + String.join(", ", convert(out, format)) + "}"
                + (test.isPresent() ? "" : "  # no file to test on: so much of the videos is held out"));
        if (!form.metrics(model).isEmpty()) {
            lines.add("metrics: [" + form.metrics(model) + "]  # beside mIoU and R1; docs/metrics.md has others");
        }
        if (form.replyTokens(model) > 0) {
            lines.add("reflection: {maxTokens: " + form.replyTokens(model) + "}  # the prompt asks to think first");
            lines.add("difficulty: {maxTokens: " + form.replyTokens(model) + "}");
        }
        lines.add("selections:");
        lines.add("  selected: {fraction: 0.1}  # what the agents let pass, mixed by difficulty; docs/method.md");
        lines.add(
                "arms:  # recipes: beside this file, or those of videotg (docs/recipes.md), with prompt and video options");
        lines.add("  - {name: zero-shot}");
        lines.add("  - {name: grpo-all, role: reference, recipe: " + form.recipe(model) + ", data: all}");
        lines.add("  - {name: method, role: method, recipe: " + form.recipe(model) + ", data: selected, overrides: "
                + CURRICULUM + "}");
        return String.join("\n", lines) + "\n";
    }

    private String modelComment() {
        return model.isSmall()
                ? "  # to try it out: it knows its small world only; --model Qwen/Qwen3-VL-2B-Instruct"
                : "";
    }

    private List<String> convert(Path out, Optional<String> format) {
        List<String> convert = new ArrayList<>();
        convert.add("videos: " + quoted(located(videos, out)));
        format.ifPresent(name -> convert.add("from: " + name));
        train.questions().ifPresent(file -> convert.add("trainQuestions: " + quoted(located(file, out))));
        test.flatMap(Annotations::questions)
                .ifPresent(file -> convert.add("testQuestions: " + quoted(located(file, out))));
        if (test.isEmpty()) {
            convert.add("holdOut: " + HOLD_OUT);
        }
        return convert;
    }

    /** What the annotations ask for. */
    private enum Form {
        SHORT("charades-sta"),
        LONG_VIDEOS("activitynet-captions"),
        QUESTIONS("next-gqa");

        private final String recipe;

        Form(String recipe) {
            this.recipe = recipe;
        }

        static Form of(List<Annotation> rows) {
            if (rows.stream().anyMatch(row -> row.task() == Task.GQA)) {
                return QUESTIONS;
            }
            double[] ends = rows.stream()
                    .flatMap(row -> row.intervals().stream())
                    .mapToDouble(Interval::end)
                    .sorted()
                    .toArray();
            return ends.length > 0 && ends[ends.length / 2] > LONG ? LONG_VIDEOS : SHORT;
        }

        String recipe(Model model) {
            if (model.isSmall()) {
                return this == QUESTIONS ? "gqa.yaml" : "basic.yaml";
            }
            return "one-gpu/" + recipe + "-" + model.family() + ".yaml";
        }

        String metrics(Model model) {
            if (this == QUESTIONS) {
                return "nextgqa";
            }
            return model.family().equals("qwen2.5-vl") ? "timer1, timezero" : "timelens";
        }

        int replyTokens(Model model) {
            if (model.isSmall()) {
                return 0;
            }
            return this == QUESTIONS || model.family().equals("qwen2.5-vl") ? 1024 : 512;
        }
    }

    private static String located(String model, Path out) {
        return Files.isDirectory(Path.of(model)) ? located(Path.of(model), out) : model;
    }

    /** Relative to the project's folder if the file lies below it, else absolute. */
    private static String located(Path file, Path out) {
        Path folder = out.toAbsolutePath().normalize().getParent();
        Path target = file.toAbsolutePath().normalize();
        return target.startsWith(folder) ? folder.relativize(target).toString() : target.toString();
    }

    private static String quoted(String text) {
        return text.matches("[\\w@%+=./-]+") ? text : "'" + text.replace("'", "''") + "'";
    }
}
