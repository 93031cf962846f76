package org.videotg.smallworld.task;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.videotg.smallworld.scene.Action;
import org.videotg.smallworld.scene.Colour;
import org.videotg.smallworld.scene.Shape;

/** The words of the small world: those of its queries, questions and options. Prompts and times are not among them. */
public final class Vocabulary {
    private Vocabulary() {}

    /** Every word once, lower case, without punctuation, in a fixed order. */
    public static List<String> words() {
        Set<String> words =
                new LinkedHashSet<>(List.of("the", "what", "colour", "shape", "is", "that", "object", "does", "do"));
        Stream.of(colours(), shapes(), actions())
                .flatMap(List::stream)
                .flatMap(term -> Arrays.stream(term.split(" ")))
                .forEach(words::add);
        return List.copyOf(words);
    }

    static List<String> colours() {
        return Arrays.stream(Colour.values()).map(Colour::word).toList();
    }

    static List<String> shapes() {
        return Arrays.stream(Shape.values()).map(Shape::word).toList();
    }

    static List<String> actions() {
        return Arrays.stream(Action.values()).map(Action::words).toList();
    }
}
