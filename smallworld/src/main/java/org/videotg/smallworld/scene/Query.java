package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A sentence that may hold in a scene, such as "the blue square moves left". */
public record Query(Colour colour, Shape shape, Action action) {
    private static final List<Query> ALL = enumerate();
    private static final Map<String, Query> BY_TEXT =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Query::text, Function.identity()));

    public Query {
        Objects.requireNonNull(colour, "colour");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(action, "action");
    }

    /** All 64 queries, in a fixed order. */
    public static List<Query> all() {
        return ALL;
    }

    /** The query of this sentence, if it is one of the 64. */
    public static Optional<Query> parse(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }

    public String text() {
        return "the " + colour.word() + " " + shape.word() + " " + action.words();
    }

    /** How many of colour, shape and action are the same: 0 to 3. */
    public int shared(Query other) {
        return (colour == other.colour ? 1 : 0) + (shape == other.shape ? 1 : 0) + (action == other.action ? 1 : 0);
    }

    private static List<Query> enumerate() {
        List<Query> all = new ArrayList<>();
        for (Colour colour : Colour.values()) {
            for (Shape shape : Shape.values()) {
                for (Action action : Action.values()) {
                    all.add(new Query(colour, shape, action));
                }
            }
        }
        return List.copyOf(all);
    }
}
