package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A sentence about an object, such as "the blue square moves left"; it holds in some seconds or never. */
public record Query(Colour colour, Shape shape, Action action) {
    private static final List<Query> ALL = enumerate();
    private static final Map<String, Query> BY_TEXT =
            ALL.stream().collect(Collectors.toUnmodifiableMap(Query::text, Function.identity()));

    public Query {
        Objects.requireNonNull(colour, "colour");
        Objects.requireNonNull(shape, "shape");
        Objects.requireNonNull(action, "action");
    }

    /** Returns all 64 queries in a fixed order. */
    public static List<Query> all() {
        return ALL;
    }

    /** Returns the query with this text. */
    public static Optional<Query> parse(String text) {
        return Optional.ofNullable(BY_TEXT.get(text));
    }

    public String text() {
        return "the " + colour.word() + " " + shape.word() + " " + action.words();
    }

    /** Returns how many of colour, shape and action are the same, 0 to 3. */
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

    /** The shape of an object. */
    public enum Shape {
        SQUARE,
        CIRCLE,
        TRIANGLE,
        CROSS;

        /** Returns the word in queries. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The colour of an object, before a domain changes it. */
    public enum Colour {
        RED(235, 45, 40),
        GREEN(30, 200, 60),
        BLUE(50, 110, 255),
        YELLOW(250, 225, 40);

        private final int[] rgb;

        Colour(int... rgb) {
            this.rgb = rgb;
        }

        /** Returns the word in queries. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Returns a copy of (red, green, blue), 0..255. */
        public double[] rgb() {
            return new double[] {rgb[0], rgb[1], rgb[2]};
        }
    }

    /** What an object does during an event. */
    public enum Action {
        /** Visible, does not move. */
        STAYS("stays", 0),
        /** Visible in the first half of every second, hidden in the second half; does not move. */
        BLINKS("blinks", 0),
        MOVES_LEFT("moves left", -1),
        MOVES_RIGHT("moves right", 1);

        private final String words;
        private final int direction;

        Action(String words, int direction) {
            this.words = words;
            this.direction = direction;
        }

        /** Returns the words in queries. */
        public String words() {
            return words;
        }

        /** Returns the sign of the horizontal motion: -1, 0 or 1. */
        public int direction() {
            return direction;
        }
    }
}
