package org.videotg.core.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonTypeName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.InputException;

class SettingsTest {
    enum Colour {
        RED,
        BLUE
    }

    sealed interface Shape {
        @JsonTypeName("disc")
        record Disc(
                @Setting(value = "radius", defaultValue = "1", range = "above 0")
                double radius) implements Shape {}

        @JsonTypeName("box")
        record Box(
                @Setting.Inline("{x: 5}") Corner corner,

                @Setting(value = "side", range = "in [1, 9)")
                int side) implements Shape {}
    }

    record Corner(
            @Setting(value = "x", defaultValue = "1") int x,
            @Setting(value = "y", defaultValue = "2") int y) {}

    record Part(
            @Setting(value = "name", required = true) String name,
            @Setting(value = "colour") Colour colour) {}

    record Whole(
            @Setting(value = "title", required = true) String title,
            @Setting("how often") Integer count,

            @Setting(value = "figure", tag = "kind", defaultValue = "disc")
            Shape shape,

            @Setting("corner") Corner corner,
            @Setting(value = "part", optional = true) Part part,
            @Setting("parts") List<Part> parts,

            @Setting(value = "weights", defaultValue = "{a: 1}")
            Map<String, Double> weights) {}

    @TempDir
    Path folder;

    private Whole read(String text, String... overrides) throws Exception {
        return Settings.read(Files.writeString(folder.resolve("s.yaml"), text), List.of(overrides), Whole.class);
    }

    @Test
    void whatIsNotGivenHasItsDefault() throws Exception {
        Whole whole = read("title: t");
        assertEquals(new Whole("t", null, new Shape.Disc(1), new Corner(1, 2), null, null, Map.of("a", 1.0)), whole);
        assertEquals(whole, Settings.bind(Settings.tree(whole), Whole.class, "tree"));
    }

    @Test
    void choicesInlineRecordsListsAndOverridesAreBound() throws Exception {
        Whole whole = read(
                "{title: t, kind: box, side: 3, y: 7, parts: [{name: p, colour: blue}], weights: {b.c: 2}, count: null}",
                "corner.y=4",
                "part={name: q}",
                "weights.d.e=3",
                "y=8");
        assertEquals(
                new Whole(
                        "t",
                        null,
                        new Shape.Box(new Corner(5, 8), 3),
                        new Corner(1, 4),
                        new Part("q", null),
                        List.of(new Part("p", Colour.BLUE)),
                        Map.of("b.c", 2.0, "d.e", 3.0)),
                whole);
        assertEquals(whole, Settings.bind(Settings.tree(whole), Whole.class, "tree"));
        assertNull(Settings.with(whole, Map.of("title", "u")).count());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}|s.yaml: \"title\" is missing",
                "{title: t, part: {}}|s.yaml: \"part.name\" is missing",
                "{title: t, kind: box}|s.yaml: \"side\" is missing",
                "{title: t, radios: 2}|s.yaml: unknown key \"radios\"; did you mean \"radius\"? known: corner, count, kind,",
                "{title: t, corner: {z: 2}}|s.yaml: unknown key \"corner.z\"; known in \"corner\": x, y",
                "{title: t, side: 2}|s.yaml: unknown key \"side\"; known: corner",
                "{title: t, kind: star}|s.yaml: \"kind\": unknown value \"star\"; known: disc, box",
                "{title: t, radius: 0}|s.yaml: \"radius\" must be above 0, not 0",
                "{title: t, kind: box, side: 9}|s.yaml: \"side\" must be in [1, 9), not 9",
                "{title: t, count: 1.5}|s.yaml: \"count\" must be a whole number, not 1.5",
                "{title: t, count: 3000000000}|s.yaml: \"count\" must be a whole number",
                "{title: [t]}|s.yaml: \"title\" must be text, not [\"t\"]",
                "{title: t, parts: {name: p}}|s.yaml: \"parts\" must be a list",
                "{title: t, parts: [{name: p, colour: green}]}|s.yaml: \"parts[0].colour\": unknown value \"green\"; known: red, blue",
                "{title: t, weights: {a: b}}|s.yaml: \"weights.a\" must be a number, not \"b\"",
                "{title: t, title: u}|s.yaml: not valid yaml",
                "[1]|s.yaml: must be a mapping of keys to values",
            })
    void whatIsWrongIsNamed(String text, String message) {
        String found = assertThrows(InputException.class, () -> read(text)).getMessage();
        assertEquals(
                message,
                found.substring(
                        found.indexOf("s.yaml"), Math.min(found.length(), found.indexOf("s.yaml") + message.length())));
    }

    @Test
    void anOverrideIsNamedInsteadOfTheFile() {
        assertEquals(
                "override \"corner.x=a\": \"corner.x\" must be a whole number, not \"a\"",
                assertThrows(InputException.class, () -> read("title: t", "corner.x=a"))
                        .getMessage());
    }
}
