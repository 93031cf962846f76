package org.videotg.smallworld;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.Query;
import org.videotg.smallworld.scene.Scene;

/** The pretraining tasks about one scene, with complete answers. */
public final class SceneTasks {
    private static final int GROUND = 3;
    private static final int LIST_EACH = 2;

    private final String id;
    private final String video;
    private final Scene scene;
    private final boolean shuffleOptions;
    private final Random random;
    private final List<Sample> rows = new ArrayList<>();

    private SceneTasks(String id, String video, Scene scene, long seed, boolean shuffleOptions) {
        this.id = id;
        this.video = video;
        this.scene = scene;
        this.shuffleOptions = shuffleOptions;
        this.random = Draw.generator(seed, "tasks", Draw.key(id));
    }

    /**
     * Returns the tasks. Grounding: the scene's own query and up to two more that hold in exactly one interval. Lists:
     * up to two queries that hold in several intervals, one that holds in one interval, and two that never hold
     * although a query with two of their attributes does. Multiple choice: one question each about colour, shape and
     * action, if it has a single answer in a single interval.
     *
     * @param shuffleOptions whether options are in random instead of fixed order
     */
    public static List<Sample> of(String id, String video, Scene scene, long seed, boolean shuffleOptions) {
        SceneTasks tasks = new SceneTasks(id, video, scene, seed, shuffleOptions);
        tasks.ground();
        tasks.list();
        tasks.choices();
        return List.copyOf(tasks.rows);
    }

    private void ground() {
        List<Query> single = shuffled(query -> scene.truth(query).size() == 1 && !query.equals(scene.query()));
        if (scene.truth(scene.query()).size() == 1) {
            single.add(0, scene.query());
        }
        single.stream().limit(GROUND).forEach(query -> add(Task.VTG, query));
    }

    private void list() {
        List<Query> queries = new ArrayList<>();
        shuffled(query -> scene.truth(query).size() > 1).stream()
                .limit(LIST_EACH)
                .forEach(queries::add);
        shuffled(query -> scene.truth(query).size() == 1).stream().limit(1).forEach(queries::add);
        shuffled(query -> scene.truth(query).isEmpty() && resemblesOne(query)).stream()
                .limit(LIST_EACH)
                .forEach(queries::add);
        queries.forEach(query -> add(Task.LIST, query));
    }

    private boolean resemblesOne(Query query) {
        return Query.all().stream()
                .anyMatch(held -> held.shared(query) == 2 && !scene.truth(held).isEmpty());
    }

    /** Adds one question per attribute, about the first query that is its only answer and holds in one interval. */
    private void choices() {
        List<Query> held = shuffled(query -> !scene.truth(query).isEmpty());
        for (AttributeQuestion question : AttributeQuestion.values()) {
            held.stream()
                    .filter(query -> scene.truth(query).size() == 1 && question.hasOneAnswer(scene, query))
                    .findFirst()
                    .ifPresent(query ->
                            rows.add(question.ask(nextId(Task.GQA), video, scene, query, shuffleOptions, random)));
        }
    }

    private List<Query> shuffled(Predicate<Query> wanted) {
        List<Query> queries =
                new ArrayList<>(Query.all().stream().filter(wanted).toList());
        Collections.shuffle(queries, random);
        return queries;
    }

    private void add(Task task, Query query) {
        rows.add(new Sample(
                nextId(task),
                video,
                scene.seconds(),
                query.text(),
                scene.truth(query),
                task,
                List.of(),
                null,
                Map.of()));
    }

    private String nextId(Task task) {
        return id + "-" + task.id() + rows.size();
    }
}
