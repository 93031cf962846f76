package org.videotg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.reply.ReplyScores;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Sample;
import org.videotg.smallworld.WorldSettings;
import org.videotg.smallworld.WorldWriter;
import org.videotg.smallworld.scene.AnnotationDefects;
import org.videotg.smallworld.scene.DomainSettings;
import org.videotg.video.Mp4Writer;

/** The API with the small model that comes with the project, on videos of its world. */
class ApiTest {
    private static final Path MODEL = Path.of("..", "models", "small");
    private static final int VIDEOS = 4;

    @TempDir
    static Path folder;

    private static Path data;
    private static List<Sample> samples;
    private static ModelSettings settings;

    @BeforeAll
    static void makeWorld() {
        WorldWriter.write(
                WorldSettings.grounding(
                        DomainSettings.named("target"), 5, VIDEOS, 0, AnnotationDefects.partial(.5, .75)),
                folder.resolve("world"),
                (done, total) -> {});
        data = folder.resolve("world/train.jsonl");
        samples = Curator.read(data);
        settings =
                ModelSettings.of(MODEL).withFeatures(folder.resolve("features")).withMaxTokens(24);
    }

    private static List<Moment> ground(Grounder grounder, Sample sample) {
        return grounder.ground(Path.of(sample.video()), sample.query());
    }

    @Test
    void momentsAreWhereTheEventsAre() {
        try (Grounder grounder = Grounder.open(settings)) {
            double iou = samples.stream()
                    .mapToDouble(sample -> ReplyScores.iou(
                            sample.intervals(),
                            ground(grounder, sample).stream()
                                    .map(Moment::interval)
                                    .toList()))
                    .average()
                    .orElseThrow();
            assertTrue(iou > .4, "mean IoU " + iou);
        }
    }

    @Test
    void threadsThatShareAGrounderGetTheAnswersOfOne() throws Exception {
        try (Grounder grounder = Grounder.open(settings)) {
            List<List<Moment>> alone =
                    samples.stream().map(sample -> ground(grounder, sample)).toList();
            ExecutorService threads = Executors.newFixedThreadPool(4);
            try {
                List<Callable<List<Moment>>> questions = new ArrayList<>();
                for (int i = 0; i < 4 * VIDEOS; i++) {
                    Sample sample = samples.get(i % VIDEOS);
                    questions.add(() -> ground(grounder, sample));
                }
                List<Future<List<Moment>>> answers = threads.invokeAll(questions);
                for (int i = 0; i < answers.size(); i++) {
                    assertEquals(alone.get(i % VIDEOS), answers.get(i).get());
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** The server answers only when as many questions are there as the setting allows. */
    @Test
    void aCuratorAsksAServerAboutSeveralSamplesAtATime() throws Exception {
        CyclicBarrier together = new CyclicBarrier(VIDEOS);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext("/v1/models", exchange -> answer(exchange, "{\"data\":[{\"id\":\"m\"}]}"));
        server.createContext("/v1/chat/completions", exchange -> {
            exchange.getRequestBody().readAllBytes();
            try {
                together.await(30, TimeUnit.SECONDS);
                answer(
                        exchange,
                        "{\"choices\":[{\"message\":{\"content\":\"2.0 to 9.0\"},\"finish_reason\":\"stop\"}],"
                                + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":5}}");
            } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
                exchange.close();
            }
        });
        server.start();
        try (Curator curator = Curator.open(
                ModelSettings.of("http://127.0.0.1:" + server.getAddress().getPort() + "/v1")
                        .withServer("parallel", Integer.toString(VIDEOS))
                        .withServer("attempts", "1"),
                folder.resolve("served"))) {
            List<Curator.Reflection> found = curator.reflect(samples);
            assertEquals(
                    samples.stream().map(Sample::id).toList(),
                    found.stream().map(Curator.Reflection::id).toList());
            assertTrue(found.stream().allMatch(one -> one.error().isEmpty()), found.toString());
        } finally {
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static void answer(HttpExchange exchange, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Test
    void momentsOfAClipCountFromTheStartOfTheFile() {
        Sample sample = samples.get(0);
        try (Grounder grounder = Grounder.open(settings)) {
            List<Moment> moments = grounder.ground(Path.of(sample.video()), new Clip(8, 24), sample.query());
            assertFalse(moments.isEmpty());
            for (Moment moment : moments) {
                assertTrue(moment.interval().start() >= 8, moments.toString());
            }
        }
    }

    @Test
    void aForeignVideoIsWarnedAboutOnce() {
        Path foreign = folder.resolve("foreign.mp4");
        Mp4Writer.write(
                foreign,
                96,
                80,
                5,
                Collections.nCopies(20, new byte[96 * 80 * 3]).iterator(),
                Mp4Writer.CRISP);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Grounder.class);
        logger.addAppender(logged);
        logged.start();
        try (Grounder grounder = Grounder.open(settings)) {
            ground(grounder, samples.get(0));
            assertEquals(List.of(), logged.list);
            grounder.ground(foreign, "the red square blinks");
            grounder.ground(foreign, "the red square blinks");
        } finally {
            logger.detachAppender(logged);
        }
        assertEquals(1, logged.list.size(), logged.list.toString());
        assertTrue(logged.list.get(0).getFormattedMessage().contains("is not from the small world"));
    }

    @Test
    void whatIsWrongIsSaid() {
        assertEquals(
                "model no/folder/here is not a folder; give one with config.json, tokenizer.json and weights, or a name"
                        + " such as Qwen/Qwen3-VL-2B-Instruct",
                assertThrows(InputException.class, () -> Grounder.open(Path.of("no/folder/here")))
                        .getMessage());
        assertThrows(InputException.class, () -> settings.withMaxTokens(0));
        try (Grounder grounder = Grounder.open(settings)) {
            Path missing = folder.resolve("missing.mp4");
            String message = assertThrows(InputException.class, () -> grounder.ground(missing, "a red square blinks"))
                    .getMessage();
            assertTrue(message.contains("missing.mp4"), message);
            assertThrows(
                    InputException.class,
                    () -> grounder.ground(Path.of(samples.get(0).video()), " "));
            assertThrows(IllegalArgumentException.class, () -> grounder.choose(missing, "which?", List.of("one")));
        }
    }

    @Test
    void aCuratorGoesOnWhereAnotherStopped() throws Exception {
        Path verdicts = folder.resolve("verdicts");
        List<Curator.Reflection> reflections;
        try (Curator curator = Curator.open(settings, verdicts)) {
            reflections = curator.reflect(samples);
        }
        assertEquals(
                samples.stream().map(Sample::id).toList(),
                reflections.stream().map(Curator.Reflection::id).toList());
        String before = Files.readString(verdicts.resolve("reflections.jsonl"));
        try (Curator curator = Curator.open(settings, verdicts)) {
            assertEquals(reflections, curator.reflect(samples));
            List<Curator.Grade> grades = curator.grade(samples);
            assertTrue(grades.stream().anyMatch(grade -> grade.meanIou() > .3), grades.toString());
            List<Sample> selected = curator.select(samples, .3);
            Map<String, Boolean> partial =
                    reflections.stream().collect(Collectors.toMap(Curator.Reflection::id, Curator.Reflection::partial));
            assertFalse(selected.isEmpty());
            assertTrue(selected.size() <= 2, selected.toString());
            selected.forEach(sample -> assertFalse(partial.get(sample.id()), sample.id()));
        }
        assertEquals(before, Files.readString(verdicts.resolve("reflections.jsonl")));
    }

    @Test
    void scoresAreThoseOfTheProfile() throws Exception {
        Path annotations = folder.resolve("annotations.jsonl");
        Path predictions = folder.resolve("predictions.jsonl");
        Files.writeString(
                annotations,
                "{\"qid\":1,\"vid\":\"v\",\"query\":\"a\",\"duration\":20,\"relevant_windows\":[[0,10]]}\n");
        Files.writeString(
                predictions, "{\"qid\":1,\"vid\":\"v\",\"query\":\"a\",\"pred_relevant_windows\":[[0,5,0.9]]}\n");
        Scores scores = Scores.of(predictions, annotations, "moment-detr");
        assertEquals(1, scores.rows());
        assertEquals(
                100.0, scores.metrics().get("MR-full-R1@0.5"), scores.metrics().toString());
        assertTrue(Scores.profiles().contains("moment-detr"));
    }

    /** What a user sees are these types, samples and intervals, and the JDK. */
    @Test
    void signaturesNameNoInternalType() {
        JavaClasses api = new ClassFileImporter().importPath(Path.of("target", "classes"));
        assertTrue(api.contain(Curator.Reflection.class), "the classes of the API");
        TreeSet<String> internal = new TreeSet<>();
        for (JavaClass type : api) {
            if (!type.getPackageName().equals("org.videotg")
                    || !type.getModifiers().contains(JavaModifier.PUBLIC)) {
                continue;
            }
            for (JavaMethod method : type.getMethods()) {
                if (method.getModifiers().contains(JavaModifier.PUBLIC)) {
                    method.getAllInvolvedRawTypes().stream()
                            .map(used -> used.getBaseComponentType())
                            .filter(used -> used.getPackageName().startsWith("org.videotg.")
                                    && !used.getPackageName().equals("org.videotg.core.sample"))
                            .forEach(used -> internal.add(method.getFullName() + ": " + used.getName()));
                }
            }
        }
        assertEquals(new TreeSet<>(), internal);
    }
}
