package org.videotg.smallworld.scene;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.videotg.core.run.Draw;
import org.videotg.core.sample.Interval;
import org.videotg.smallworld.scene.DomainSettings.Range;
import org.videotg.smallworld.scene.Query.Action;
import org.videotg.smallworld.scene.Query.Colour;
import org.videotg.smallworld.scene.Query.Shape;
import org.videotg.smallworld.scene.Scene.Look;
import org.videotg.smallworld.scene.SceneObject.Event;

/**
 * Generates scenes, each a pure function of (domain, seed, split, number). Annotations are complete, except for those
 * of the training scenes that {@link AnnotationDefects} describes: <i>truncated</i> ones cover the first 35-55% of one
 * long event, <i>repeated</i> ones cover one of two occurrences. A completely annotated query holds in exactly one
 * interval.
 */
public record SceneGenerator(DomainSettings domain, long seed, AnnotationDefects defects) {
    static final double TRUNCATED_LEAST = .35;
    static final double TRUNCATED_MOST = .55;
    /** Minimum length of a truncated event in seconds. */
    static final int TRUNCATED_LENGTH = 6;
    /** Minimum number of seconds between two occurrences of the query. */
    static final int REPEAT_GAP = 2;
    /** Share of a distractor's events that show its main action. */
    private static final double MAIN_ACTION = .7;

    public SceneGenerator {
        Objects.requireNonNull(domain, "domain");
        Objects.requireNonNull(defects, "defects");
    }

    /** Returns the scene of that number. */
    public Scene scene(Split split, int number) {
        String purpose = domain.name() + "/" + split.id();
        Completeness completeness = completeness(split, purpose, number);
        Random random = Draw.generator(seed, purpose, number);
        int seconds = domain.seconds().drawWhole(random);
        Query query = Query.all().get(random.nextInt(Query.all().size()));
        List<Event> queryEvents = queryEvents(random, query.action(), seconds, completeness);
        Interval annotation = annotation(random, queryEvents, completeness);
        if (split == Split.TRAIN && completeness == Completeness.COMPLETE) {
            annotation = cutSystematically(annotation, purpose, number);
        }
        double speed = domain.speed().draw(random);
        List<SceneObject> objects = new ArrayList<>();
        objects.add(new SceneObject(
                query.colour(), query.shape(), 0, 0, speed, around(random, queryEvents, query, seconds)));
        int distractors = domain.distractors().drawWhole(random);
        for (int i = 0; i < distractors; i++) {
            Query main = distractor(random, query);
            objects.add(
                    new SceneObject(main.colour(), main.shape(), 0, 0, speed, events(random, main, query, seconds)));
        }
        int size = domain.size().drawWhole(random);
        Random occlusion = Draw.generator(seed, purpose + "/occlusion", number);
        objects.replaceAll(object -> occluded(object, occlusion));
        List<SceneObject> placed = new ArrayList<>(SceneLayout.place(random, objects, size, seconds));
        Collections.shuffle(placed, random);
        return new Scene(seconds, size, look(random), placed, query, annotation);
    }

    private SceneObject occluded(SceneObject object, Random random) {
        List<Event> events =
                object.events().stream().map(event -> occluded(event, random)).toList();
        return new SceneObject(object.colour(), object.shape(), object.x(), object.y(), object.speed(), events);
    }

    private Event occluded(Event event, Random random) {
        if (event.length() < DomainSettings.OCCLUDED_LENGTH || random.nextDouble() >= domain.occluded()) {
            return event;
        }
        int length = domain.occlusion().drawWhole(random);
        int from = event.start()
                + DomainSettings.VISIBLE_SECONDS
                + random.nextInt(event.length() - 2 * DomainSettings.VISIBLE_SECONDS - length + 1);
        return event.hidden(from, from + length);
    }

    private Completeness completeness(Split split, String purpose, int number) {
        if (split != Split.TRAIN || Draw.uniform(seed, purpose + "/partial", number) >= defects.partial()) {
            return Completeness.COMPLETE;
        }
        return Draw.uniform(seed, purpose + "/truncated", number) < defects.truncated()
                ? Completeness.TRUNCATED
                : Completeness.REPEATED;
    }

    private List<Event> queryEvents(Random random, Action action, int seconds, Completeness completeness) {
        if (completeness == Completeness.REPEATED) {
            int most = (seconds - REPEAT_GAP) / 2;
            int first = Math.min(length(random), most);
            int second = Math.min(length(random), most);
            int free = seconds - first - second - REPEAT_GAP;
            int start = random.nextInt(free + 1);
            int again = start + first + REPEAT_GAP + random.nextInt(free - start + 1);
            return List.of(new Event(start, start + first, action), new Event(again, again + second, action));
        }
        int drawn = completeness == Completeness.TRUNCATED
                ? new Range(
                                TRUNCATED_LENGTH,
                                Math.max(TRUNCATED_LENGTH, domain.longLength().max()))
                        .drawWhole(random)
                : length(random);
        int length = Math.min(drawn, Math.max(TRUNCATED_LENGTH, seconds / 2));
        int start = random.nextInt(seconds - length + 1);
        return List.of(new Event(start, start + length, action));
    }

    private int length(Random random) {
        return (random.nextDouble() < domain.shortShare() ? domain.shortLength() : domain.longLength())
                .drawWhole(random);
    }

    private static Interval annotation(Random random, List<Event> queryEvents, Completeness completeness) {
        Event event = queryEvents.get(random.nextInt(queryEvents.size()));
        if (completeness != Completeness.TRUNCATED) {
            return event.interval();
        }
        return beginning(random, event.interval());
    }

    private static Interval beginning(Random random, Interval event) {
        double length = event.end() - event.start();
        int seen = new Range(TRUNCATED_LEAST * length, TRUNCATED_MOST * length).drawWhole(random);
        return new Interval(event.start(), event.start() + seen);
    }

    /** Cuts the annotation of a long event short in the share of scenes that the defects state. */
    private Interval cutSystematically(Interval event, String purpose, int number) {
        return event.end() - event.start() >= TRUNCATED_LENGTH
                        && Draw.uniform(seed, purpose + "/systematic", number) < defects.systematic()
                ? beginning(Draw.generator(seed, purpose + "/cut", number), event)
                : event;
    }

    /** Returns the query object's events: those of the query, and others with other actions around them. */
    private List<Event> around(Random random, List<Event> queryEvents, Query query, int seconds) {
        List<Event> all = new ArrayList<>();
        int from = 0;
        for (Event event : queryEvents) {
            addOthers(random, all, query, from, event.start());
            all.add(event);
            from = event.end();
        }
        addOthers(random, all, query, from, seconds);
        return all;
    }

    private void addOthers(Random random, List<Event> all, Query query, int from, int to) {
        int cursor = from + domain.gap().drawWhole(random);
        while (cursor < to) {
            int end = Math.min(to, cursor + domain.eventLength().drawWhole(random));
            Action action = otherThan(random, query.action());
            if (random.nextDouble() < domain.others()) {
                all.add(new Event(cursor, end, action));
            }
            cursor = end + domain.gap().drawWhole(random);
        }
    }

    /** Returns a distractor's main query, which shares two attributes with the query or at most one. */
    private Query distractor(Random random, Query query) {
        if (random.nextDouble() < domain.similar()) {
            return switch (random.nextInt(3)) {
                case 0 -> new Query(other(random, Colour.values(), query.colour()), query.shape(), query.action());
                case 1 -> new Query(query.colour(), other(random, Shape.values(), query.shape()), query.action());
                default -> new Query(query.colour(), query.shape(), otherThan(random, query.action()));
            };
        }
        List<Query> unlike = Query.all().stream()
                .filter(candidate -> candidate.shared(query) < 2)
                .toList();
        return unlike.get(random.nextInt(unlike.size()));
    }

    /** Returns a distractor's events, in which the query never holds. */
    private List<Event> events(Random random, Query main, Query query, int seconds) {
        boolean sameObject = main.colour() == query.colour() && main.shape() == query.shape();
        List<Event> all = new ArrayList<>();
        int cursor = Math.min(domain.gap().drawWhole(random), seconds - 1);
        while (cursor < seconds) {
            Action action = main.action();
            if (!all.isEmpty() && random.nextDouble() >= MAIN_ACTION) {
                action = otherThan(random, sameObject ? query.action() : main.action());
            }
            int end = Math.min(seconds, cursor + domain.eventLength().drawWhole(random));
            all.add(new Event(cursor, end, action));
            cursor = end + domain.gap().drawWhole(random);
        }
        return all;
    }

    private Look look(Random random) {
        double level = domain.background().draw(random);
        Range tint = new Range(-domain.tint(), domain.tint());
        Range waves = new Range(-2.5, 2.5);
        return new Look(
                level + tint.draw(random),
                level + tint.draw(random),
                level + tint.draw(random),
                domain.texture().draw(random),
                waves.draw(random),
                waves.draw(random),
                domain.noise().draw(random),
                domain.contrast().draw(random),
                domain.hueShift().draw(random),
                domain.brightness().draw(random),
                random.nextLong());
    }

    private static Action otherThan(Random random, Action action) {
        return other(random, Action.values(), action);
    }

    private static <E extends Enum<E>> E other(Random random, E[] values, E not) {
        return values[(not.ordinal() + 1 + random.nextInt(values.length - 1)) % values.length];
    }

    /** The part of a world that a scene belongs to. Only training annotations may be partial. */
    public enum Split {
        TRAIN,
        TEST;

        /** Returns the name in ids of samples and in keys of random draws. */
        public String id() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How complete an annotation is. */
    private enum Completeness {
        /** The event happens once and is annotated completely. */
        COMPLETE,
        /** A long event happens once, and its first 35-55% are annotated. */
        TRUNCATED,
        /** The event happens twice, and one occurrence is annotated. */
        REPEATED
    }
}
