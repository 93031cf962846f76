package org.videotg.app.project;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.training.recipe.GrpoSettings;
import org.videotg.training.recipe.Recipe;

/**
 * How the agents and the untrained model are asked: as the project says, or else as the recipes of its arms train.
 *
 * @param prompt name of a template
 * @param video how videos are read, by key
 * @param maxTokens length of a reply; empty for the default
 */
record Asked(String prompt, Map<String, String> video, Optional<Integer> maxTokens) {
    /** @throws InputException if the project does not say it, and the recipes differ */
    static Asked of(Project project, List<Recipe> recipes) {
        String prompt = project.prompt() != null
                ? project.prompt()
                : same(recipes.stream().map(recipe -> recipe.prompt().name()), "prompt")
                        .orElse(PromptTemplate.DEFAULT.name());
        Map<String, String> video = project.video().isEmpty()
                ? same(recipes.stream().map(recipe -> recipe.video().changed()), "video")
                        .orElse(Map.of())
                : project.video();
        Optional<Integer> longest = recipes.stream()
                .flatMap(recipe -> Optional.ofNullable(recipe.grpo()).stream())
                .map(GrpoSettings::maxTokens)
                .max(Integer::compare);
        return new Asked(prompt, video, Optional.ofNullable(project.maxTokens()).or(() -> longest));
    }

    private static <T> Optional<T> same(Stream<T> values, String key) {
        List<T> distinct = values.distinct().toList();
        if (distinct.size() > 1) {
            throw new InputException("the recipes of the arms differ in \"" + key + "\" (" + distinct.get(0)
                    + ", " + distinct.get(1) + "), so that it is open how the agents and the untrained model are"
                    + " asked; say it with \"" + key + "\" in the project");
        }
        return distinct.stream().findFirst();
    }

    void apply(Arguments arguments) {
        if (!prompt.equals(PromptTemplate.DEFAULT.name())) {
            arguments.with("--prompt", prompt);
        }
        arguments.with("--video", video);
    }
}
