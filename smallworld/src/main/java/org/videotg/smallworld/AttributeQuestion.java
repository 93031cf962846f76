package org.videotg.smallworld;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.Query;
import org.videotg.smallworld.scene.Query.Action;
import org.videotg.smallworld.scene.Query.Colour;
import org.videotg.smallworld.scene.Query.Shape;
import org.videotg.smallworld.scene.Scene;

/** A multiple-choice question about one attribute of a query, which names the other two attributes. */
public enum AttributeQuestion {
    COLOUR(Colour.values(), Colour::word, Query::colour) {
        @Override
        String text(Query query) {
            return "what colour is the " + query.shape().word() + " that "
                    + query.action().words() + "?";
        }
    },
    SHAPE(Shape.values(), Shape::word, Query::shape) {
        @Override
        String text(Query query) {
            return "what shape is the " + query.colour().word() + " object that "
                    + query.action().words() + "?";
        }
    },
    ACTION(Action.values(), Action::words, Query::action) {
        @Override
        String text(Query query) {
            return "what does the " + query.colour().word() + " "
                    + query.shape().word() + " do?";
        }
    };

    private final List<String> options;
    private final Function<Query, Enum<?>> attribute;

    <E extends Enum<E>> AttributeQuestion(E[] values, Function<E, String> words, Function<Query, Enum<?>> attribute) {
        this.options = Arrays.stream(values).map(words).toList();
        this.attribute = attribute;
    }

    abstract String text(Query query);

    /** Returns the options in their fixed order. */
    List<String> options() {
        return options;
    }

    /** Returns every word of queries, questions and options once, in a fixed order. */
    public static List<String> words() {
        Set<String> words =
                new LinkedHashSet<>(List.of("the", "what", "colour", "shape", "is", "that", "object", "does", "do"));
        Stream.of(values())
                .flatMap(question -> question.options.stream())
                .flatMap(option -> Arrays.stream(option.split(" ")))
                .forEach(words::add);
        return List.copyOf(words);
    }

    /** Returns whether the query is the only one that holds somewhere in the scene and answers its question. */
    boolean hasOneAnswer(Scene scene, Query query) {
        return Query.all().stream()
                .noneMatch(other -> !other.equals(query)
                        && text(other).equals(text(query))
                        && !scene.truth(other).isEmpty());
    }

    /**
     * Returns the question as a sample with the intervals in which the query holds.
     *
     * @param shuffled whether the options are in random instead of fixed order
     */
    Sample ask(String id, String video, Scene scene, Query query, boolean shuffled, Random random) {
        String answer = options.get(attribute.apply(query).ordinal());
        List<String> order = new ArrayList<>(options);
        if (shuffled) {
            Collections.shuffle(order, random);
        }
        return new Sample(
                id,
                video,
                scene.seconds(),
                text(query),
                scene.truth(query),
                Task.GQA,
                order,
                String.valueOf((char) ('A' + order.indexOf(answer))),
                Map.of());
    }

    /**
     * Returns a question about a random attribute of the scene's own query, among the attributes whose question has a
     * single answer in the scene. The interval is the scene's annotation, so it may be partial.
     *
     * @return empty if every question about the query has several answers
     */
    static Optional<Sample> about(String id, String video, Scene scene, long seed, boolean shuffleOptions) {
        Random random = Draw.generator(seed, "question", Draw.key(id));
        List<AttributeQuestion> order = new ArrayList<>(List.of(values()));
        Collections.shuffle(order, random);
        return order.stream()
                .filter(question -> question.hasOneAnswer(scene, scene.query()))
                .findFirst()
                .map(question -> question.ask(id, video, scene, scene.query(), shuffleOptions, random)
                        .withIntervals(List.of(scene.annotation())));
    }
}
