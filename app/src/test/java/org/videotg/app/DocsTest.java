package org.videotg.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.videotg.app.command.VideoTg;
import picocli.CommandLine;

/** Holds the pages of the documentation to the repository: lines, links, paths, commands, classes and packages. */
class DocsTest {
    private static final Path ROOT = Path.of("..");
    /** The files of the repository that an archive has; its page README.md is {@code app/src/main/dist/README.md}. */
    private static final Pattern ARCHIVED =
            Pattern.compile("(?:docs/(?!architecture\\.md).+|recipes/.+|models/small/.+|CHANGELOG\\.md|LICENSE)");

    private static final int WIDTH = 120;
    private static final Pattern LINK = Pattern.compile("\\[[^\\]\\[]*]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern CLASS = Pattern.compile("[A-Z][A-Z0-9]*[a-z][A-Za-z0-9]*(\\.java)?");
    private static final Pattern PATH =
            Pattern.compile("(?<![\\w/.-])(?:recipes|docs|models|bench|[a-z]+/src)/[\\w./-]*\\w(?![\\w*/-])");
    private static final Pattern COMMAND = Pattern.compile("(?:\\./|`|bin/)videotg ([a-z][a-z-]*)\\b([^#`\n]*)");
    private static final Pattern OPTION = Pattern.compile("(?<=\\s)--[a-z][a-z-]*");
    private static final Pattern BENCH = Pattern.compile("bench/run ([A-Z]\\w*[a-z]\\w*)");
    /** Classes of libraries that a page names beside the project's. */
    private static final Set<String> OTHER_CLASSES = Set.of("PointerScope");

    /** The tree of packages. */
    private static final Pattern TREE = Pattern.compile("```text\n(.*?)```", Pattern.DOTALL);

    private static final List<String> MODULES = List.of(
            "core",
            "method",
            "benchmarks",
            "video",
            "client",
            "models",
            "web",
            "review",
            "serving",
            "training",
            "smallworld",
            "spark",
            "api",
            "app",
            "bench");

    private static List<Path> pages;
    private static Set<String> classes;
    private static SortedMap<String, String> packages;

    @BeforeAll
    static void read() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            pages = Stream.concat(
                            Stream.of(
                                            "README.md",
                                            "CONTRIBUTING.md",
                                            "CHANGELOG.md",
                                            "bench/reference/README.md",
                                            "app/src/main/dist/README.md")
                                    .map(ROOT::resolve),
                            docs.filter(path -> path.toString().endsWith(".md")).sorted())
                    .toList();
        }
        classes = new TreeSet<>();
        packages = new TreeMap<>();
        for (String module : MODULES) {
            Path main = ROOT.resolve(module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src"))) {
                files.filter(file -> file.toString().endsWith(".java")).forEach(file -> {
                    String name = file.getFileName().toString().replace(".java", "");
                    classes.add(name);
                    if (name.equals("package-info") && file.startsWith(main)) {
                        String path = main.relativize(file.getParent()).toString();
                        packages.put(path.replace('\\', '.').replace('/', '.'), firstSentence(file));
                    }
                });
            }
        }
    }

    @Test
    void proseHasShortLines() {
        List<String> wrong = new ArrayList<>();
        for (Path page : pages) {
            boolean code = false;
            int number = 0;
            for (String line : text(page).split("\n")) {
                number++;
                code ^= line.strip().startsWith("```");
                // An unbreakable line, such as an image, is as long as it must be.
                boolean exempt = code
                        || line.startsWith("|")
                        || line.startsWith("    ")
                        || !line.strip().contains(" ")
                        || line.startsWith("![");
                if (!exempt && line.length() > WIDTH) {
                    wrong.add(page.getFileName() + ":" + number);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    @Test
    void relativeLinksLeadToAFileAndAHeading() {
        assertEquals(
                List.of(),
                wrong((page, report) -> matches(LINK, text(page)).forEach(link -> {
                    String[] parts = link.group(1).split("#", 2);
                    if (parts[0].contains(":")) {
                        return;
                    }
                    Path target = parts[0].isEmpty() ? page : folder(page).resolve(parts[0]);
                    if (!Files.exists(target)
                            || (parts.length == 2 && !headings(target).contains(parts[1]))) {
                        report.accept(link.group(1));
                    }
                })));
    }

    @Test
    void linksOfAnArchivesPagesLeadIntoTheArchive() {
        assertEquals(List.of(), wrong((page, report) -> {
            String own = ROOT.relativize(page).toString().replace('\\', '/');
            if (!own.endsWith("dist/README.md") && !ARCHIVED.matcher(own).matches()) {
                return;
            }
            matches(LINK, text(page))
                    .map(link -> link.group(1).replaceFirst("#.*", ""))
                    .filter(link -> !link.isEmpty() && !link.contains(":"))
                    .filter(link -> !ARCHIVED.matcher(
                                    ROOT.relativize(folder(page).resolve(link).normalize())
                                            .toString()
                                            .replace('\\', '/'))
                            .matches())
                    .forEach(report);
        }));
    }

    /** The folder from which a page's links lead: the archive's README.md lies beside the folder docs there. */
    private static Path folder(Path page) {
        return page.endsWith("dist/README.md") ? ROOT : page.getParent();
    }

    @Test
    void pathsExist() {
        assertEquals(
                List.of(),
                wrong((page, report) -> matches(PATH, text(page).replaceAll("\\w+://\\S+|github\\.com/\\S+", ""))
                        .map(MatchResult::group)
                        .filter(path -> !path.contains("/target/"))
                        .filter(path -> !Files.exists(ROOT.resolve(path)))
                        .filter(path -> !Files.exists(folder(page).resolve(path)))
                        .forEach(report)));
    }

    @Test
    void commandsAndTheirOptionsExist() {
        CommandLine program = VideoTg.line();
        assertEquals(
                List.of(),
                wrong((page, report) -> matches(COMMAND, text(page).replace("\\\n", " "))
                        .forEach(command -> {
                            CommandLine known = program.getSubcommands().get(command.group(1));
                            if (known == null) {
                                report.accept(command.group().strip());
                                return;
                            }
                            matches(OPTION, command.group(2))
                                    .map(MatchResult::group)
                                    .filter(option -> known.getCommandSpec().findOption(option) == null)
                                    .forEach(option -> report.accept(command.group(1) + " " + option));
                        })));
    }

    @Test
    void programsOfTheBenchExist() {
        assertEquals(
                List.of(),
                wrong((page, report) -> matches(BENCH, text(page))
                        .map(match -> match.group(1))
                        .filter(name -> !classes.contains(name))
                        .forEach(report)));
    }

    @Test
    void classesExist() {
        assertEquals(
                List.of(),
                Stream.of("docs/architecture.md", "docs/method.md", "CONTRIBUTING.md")
                        .map(ROOT::resolve)
                        .flatMap(page -> matches(CODE, withoutBlocks(text(page)))
                                .map(match -> match.group(1))
                                .filter(code -> CLASS.matcher(code).matches())
                                .map(code -> code.replace(".java", ""))
                                .filter(name -> !classes.contains(name) && !OTHER_CLASSES.contains(name))
                                .map(name -> page.getFileName() + ": " + name))
                        .toList());
    }

    @Test
    void theTreeGivesTheFirstSentenceOfEachPackage() {
        StringBuilder expected = new StringBuilder();
        for (String module : MODULES) {
            String root = module.equals("api") ? "org.videotg" : "org.videotg." + module;
            expected.append(line(module + "/", packages.getOrDefault(root, "")));
            packages.forEach((name, sentence) -> {
                if (!module.equals("api") && name.startsWith(root + ".")) {
                    expected.append(line("  " + name.substring(root.length() + 1), sentence));
                }
            });
        }
        Matcher tree = TREE.matcher(text(ROOT.resolve("docs/architecture.md")));
        assertEquals(expected.toString(), tree.find() ? tree.group(1) : "no tree");
    }

    private static String line(String name, String sentence) {
        return String.format("%-18s%s", name, sentence).stripTrailing() + "\n";
    }

    private static String firstSentence(Path packageInfo) {
        String comment = text(packageInfo)
                .replaceAll("(?s)^/\\*\\*|\\*/.*", "")
                .replaceAll("\\n \\* ?", " ")
                .replaceAll("\\{@\\w+ (?:[\\w.]*\\.)?([^}]*)}", "$1")
                .strip();
        Matcher end = Pattern.compile("\\.(\\s|$)").matcher(comment);
        return end.find() ? comment.substring(0, end.start() + 1) : comment;
    }

    private interface Check {
        void of(Path page, Consumer<String> report);
    }

    private static List<String> wrong(Check check) {
        List<String> wrong = new ArrayList<>();
        pages.forEach(page -> check.of(page, found -> wrong.add(page.getFileName() + ": " + found)));
        return wrong;
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }

    private static String withoutBlocks(String text) {
        return text.replaceAll("(?s)```.*?```", "");
    }

    /** The anchors that GitHub gives a page's headings. */
    private static Set<String> headings(Path page) {
        return withoutBlocks(text(page))
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+\\s*", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static String text(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
