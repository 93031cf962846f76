package org.videotg.smallworld.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;
import org.videotg.smallworld.scene.Query;
import org.videotg.smallworld.scene.Scene;

/** What a multiple-choice question asks about a query of which it tells the other two attributes. */
enum Attribute {
    COLOUR {
        @Override
        String question(Query query) {
            return "what colour is the " + query.shape().word() + " that "
                    + query.action().words() + "?";
        }

        @Override
        List<String> options() {
            return Vocabulary.colours();
        }

        @Override
        int right(Query query) {
            return query.colour().ordinal();
        }
    },
    SHAPE {
        @Override
        String question(Query query) {
            return "what shape is the " + query.colour().word() + " object that "
                    + query.action().words() + "?";
        }

        @Override
        List<String> options() {
            return Vocabulary.shapes();
        }

        @Override
        int right(Query query) {
            return query.shape().ordinal();
        }
    },
    ACTION {
        @Override
        String question(Query query) {
            return "what does the " + query.colour().word() + " "
                    + query.shape().word() + " do?";
        }

        @Override
        List<String> options() {
            return Vocabulary.actions();
        }

        @Override
        int right(Query query) {
            return query.action().ordinal();
        }
    };

    abstract String question(Query query);

    abstract List<String> options();

    /** Index of the right option, before any are shuffled. */
    abstract int right(Query query);

    /** Whether the query is the only one that holds somewhere in the scene and answers its question. */
    boolean hasOneAnswer(Scene scene, Query query) {
        return Query.all().stream()
                .noneMatch(other -> !other.equals(query)
                        && question(other).equals(question(query))
                        && !scene.truth(other).isEmpty());
    }

    /**
     * The question as a sample, with the intervals in which the query holds.
     *
     * @param shuffled whether the options stand in a drawn order; else in that of their words
     */
    Sample ask(String id, String video, Scene scene, Query query, boolean shuffled, Random random) {
        String right = options().get(right(query));
        List<String> order = new ArrayList<>(options());
        if (shuffled) {
            Collections.shuffle(order, random);
        }
        return new Sample(
                id,
                video,
                scene.seconds(),
                question(query),
                scene.truth(query),
                Task.GQA,
                order,
                String.valueOf((char) ('A' + order.indexOf(right))),
                Map.of());
    }
}
