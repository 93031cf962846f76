package org.videotg.serving;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.Json;
import org.videotg.core.io.Resources;
import org.videotg.core.io.Yaml;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.Png;
import org.videotg.video.RgbImage;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServingTest {
    private static final String QUERY = "the red square moves";
    private static final PromptTemplate.Text TEXT = PromptTemplate.DEFAULT.grounding(QUERY);

    @TempDir
    static Path folder;

    private Served served;
    private Path video;
    private Mllm local;

    @BeforeAll
    void start() throws IOException {
        served = Served.start(folder);
        video = Served.video(folder.resolve("root").resolve("square.mp4"), 8);
        local = Served.handle(folder.resolve("features-local")).open();
    }

    @AfterAll
    void stop() {
        local.close();
        served.close();
    }

    private static ObjectNode chat(String address) {
        return Served.chat(TEXT.before(), address, TEXT.after());
    }

    private List<Reply> here(Decoding decoding) {
        return local.ask(new Question(VideoView.whole(VideoRef.whole(video)), TEXT.before(), TEXT.after()), decoding)
                .replies();
    }

    @Test
    void everyWayToNameAVideoGivesTheSameReplies() throws IOException {
        String base64 = Base64.getEncoder().encodeToString(Files.readAllBytes(video));
        List<Reply> expected = here(new Decoding(2, 1, 48, 5));
        for (String address : List.of(
                "square.mp4",
                "./square.mp4",
                video.toAbsolutePath().toString(),
                "file://" + video.toAbsolutePath(),
                "file:" + video.toAbsolutePath(),
                served.upload(video),
                "data:video/mp4;base64," + base64,
                "data:;base64," + base64)) {
            ObjectNode request = chat(address)
                    .put("n", 2)
                    .put("temperature", 1)
                    .put("max_tokens", 48)
                    .put("seed", 5);
            request.putObject("videotg").put("name", "square.mp4");
            JsonNode answer = served.good("v1/chat/completions", request);
            for (int i = 0; i < 2; i++) {
                assertEquals(
                        expected.get(i).text(),
                        answer.path("choices")
                                .get(i)
                                .path("message")
                                .path("content")
                                .asText(),
                        address.substring(0, Math.min(40, address.length())));
            }
        }
        // As PHP and others write JSON.
        String escaped = Json.line(chat("data:video/mp4;base64," + base64)).replace("/", "\\/");
        assertEquals(200, served.post("v1/chat/completions", escaped).statusCode());
    }

    @Test
    void picturesWithTheirTimesAreAVideo() throws IOException {
        Path pictures = Served.pictures(folder.resolve("shots"), 6);
        StringBuilder address = new StringBuilder("data:video/png;base64");
        for (int i = 0; i < 12; i++) {
            address.append(',')
                    .append(Base64.getEncoder().encodeToString(Files.readAllBytes(pictures.resolve(i + ".png"))));
        }
        JsonNode times = Json.read(pictures.resolve("frames.json")).path("times");
        BitSet masked = new BitSet();
        masked.set(1, 3);
        VideoView view = new VideoView(VideoRef.whole(pictures), GridMask.of(masked, MaskMode.DROP));
        ObjectNode request = chat(address.toString())
                .put("n", 2)
                .put("temperature", 1)
                .put("max_tokens", 48)
                .put("seed", 5);
        ObjectNode extension = request.putObject("videotg").put("name", "shots");
        extension.set("times", times);
        extension.putObject("mask").put("mode", "drop").putArray("grids").add(1).add(2);
        assertEquals(
                local.ask(new Question(view, TEXT.before(), TEXT.after()), new Decoding(2, 1, 48, 5))
                        .texts(),
                texts(served.good("v1/chat/completions", request)));

        ObjectNode grids = Json.MAPPER.createObjectNode().put("video", address.toString());
        grids.putObject("videotg").set("times", times);
        JsonNode found = served.good("v1/grids", grids);
        assertEquals(0.5, found.at("/grids/0/timestamp").asDouble(), 1e-9, "of frames at 0.25 and 0.75 s");

        ArrayNode descending = times.deepCopy();
        descending.set(3, 0.1);
        refused(grids, address.toString(), descending, "time 4 of \"times\" is 0.1");
        refused(grids, address + ",AAAA", times, "12 times for 13 pictures");
        refused(grids, address + ",AAAA", times.<ArrayNode>deepCopy().add(9), "12.png is no picture");
        refused(grids, address + ",AAA?", times.<ArrayNode>deepCopy().add(9), "damaged");
        byte[] large = Png.encode(new RgbImage(400, 300, new byte[3 * 400 * 300]));
        String one = "data:video/png;base64," + Base64.getEncoder().encodeToString(large);
        refused(grids, one, Json.MAPPER.createArrayNode().add(0), "more than the 100000 pixels");
        refused(grids, "square.mp4", times, "data URL");
        refused(grids, address.toString(), Json.MAPPER.nullNode(), "needs \"videotg\": {\"times\"");
    }

    private void refused(ObjectNode request, String address, JsonNode times, String reason) {
        request.put("video", address);
        request.putObject("videotg").set("times", times);
        HttpResponse<String> answer = served.post("v1/grids", Json.line(request));
        assertEquals(400, answer.statusCode(), answer.body());
        String message = Json.parse(answer.body(), "error").at("/error/message").asText();
        assertTrue(message.contains(reason) && !message.contains(folder.toString()), message);
    }

    @Test
    void aNameDecidesTheDraws() {
        List<Reply> expected = here(new Decoding(4, 1, 48, 5));
        ObjectNode request = chat("square.mp4")
                .put("n", 4)
                .put("temperature", 1)
                .put("max_tokens", 48)
                .put("seed", 5);
        JsonNode same = served.good("v1/chat/completions", request);
        request.putObject("videotg").put("name", "other.mp4");
        JsonNode other = served.good("v1/chat/completions", request);
        assertEquals(expected.stream().map(Reply::text).toList(), texts(same));
        assertFalse(texts(same).equals(texts(other)), "another name draws anew");
    }

    private static List<String> texts(JsonNode answer) {
        List<String> texts = new ArrayList<>();
        answer.path("choices")
                .forEach(choice ->
                        texts.add(choice.path("message").path("content").asText()));
        return texts;
    }

    @Test
    void anAnswerHasOpenAisForm() {
        JsonNode answer = served.good("v1/chat/completions", chat("square.mp4").put("max_tokens", 1));
        assertEquals("chat.completion", answer.path("object").asText());
        assertEquals("small", answer.path("model").asText());
        assertTrue(answer.path("id").asText().startsWith("chatcmpl-"));
        JsonNode choice = answer.path("choices").get(0);
        assertEquals("length", choice.path("finish_reason").asText());
        assertEquals("assistant", choice.path("message").path("role").asText());
        assertTrue(choice.path("logprobs").isNull());
        JsonNode usage = answer.path("usage");
        assertEquals(1, usage.path("completion_tokens").asInt());
        assertEquals(
                usage.path("total_tokens").asInt(), usage.path("prompt_tokens").asInt() + 1);
        assertEquals(
                "small", answer.path("videotg").path("identity").path("name").asText());
        assertFalse(answer.toString().contains(folder.toString()), "no path of the server: " + answer);
    }

    @Test
    void aStreamAddsUpToTheReplies() {
        Decoding decoding = new Decoding(3, 1, 48, 9);
        ObjectNode request = chat("square.mp4")
                .put("n", 3)
                .put("temperature", 1)
                .put("max_tokens", 48)
                .put("seed", 9)
                .put("stream", true);
        request.putObject("stream_options").put("include_usage", true);
        HttpResponse<String> answer = served.post("v1/chat/completions", Json.line(request));
        assertEquals(
                "text/event-stream;charset=utf-8",
                answer.headers().firstValue("Content-Type").orElse(""));
        List<String> events = List.of(answer.body().split("\n\n"));
        assertEquals("data: [DONE]", events.get(events.size() - 1));
        TreeMap<Integer, String> texts = new TreeMap<>();
        TreeMap<Integer, String> ends = new TreeMap<>();
        JsonNode last = null;
        int parts = 0;
        for (String event : events.subList(0, events.size() - 1)) {
            last = Json.parse(event.substring("data: ".length()), event);
            for (JsonNode choice : last.path("choices")) {
                int index = choice.path("index").asInt();
                String added = choice.path("delta").path("content").asText("");
                parts += added.isEmpty() ? 0 : 1;
                texts.merge(index, added, String::concat);
                if (choice.path("finish_reason").isTextual()) {
                    ends.put(index, choice.path("finish_reason").asText());
                }
            }
        }
        List<Reply> expected = here(decoding);
        assertEquals(expected.stream().map(Reply::text).toList(), List.copyOf(texts.values()));
        assertEquals(3, ends.size());
        assertTrue(parts > 3, "it comes in parts");
        assertEquals(
                expected.stream().mapToInt(Reply::tokens).sum(),
                last.path("usage").path("completion_tokens").asInt());
    }

    @Test
    void stopTopPAndLogProbabilitiesAreTakenOver() {
        Decoding decoding = new Decoding(2, 1, 48, 3);
        String stop = here(decoding).get(0).text().substring(1, 3);
        ObjectNode request = chat("square.mp4")
                .put("n", 2)
                .put("temperature", 1)
                .put("max_tokens", 48)
                .put("seed", 3)
                .put("top_p", 0.6)
                .put("logprobs", true)
                .put("top_logprobs", 2)
                .put("stop", stop);
        List<Reply> expected =
                here(decoding.withTopP(0.6).withStop(List.of(stop)).withAlternatives(2));
        JsonNode answer = served.good("v1/chat/completions", request);
        assertEquals(expected.stream().map(Reply::text).toList(), texts(answer));
        JsonNode tokens = answer.path("choices").get(0).path("logprobs").path("content");
        assertEquals(expected.get(0).drawn().size(), tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            Reply.Drawn drawn = expected.get(0).drawn().get(i);
            assertEquals(drawn.text(), tokens.get(i).path("token").asText());
            assertEquals(drawn.logProb(), tokens.get(i).path("logprob").asDouble(), 1e-4);
            assertEquals(2, tokens.get(i).path("top_logprobs").size());
        }
    }

    @Test
    void groundAnswersLikeTheCommand() {
        ObjectNode request = Json.MAPPER
                .createObjectNode()
                .put("video", "square.mp4")
                .put("query", QUERY)
                .put("max_tokens", 32);
        request.putObject("videotg").putObject("clip").put("start", 1).put("end", 7);
        JsonNode answer = served.good("v1/ground", request);
        VideoRef watched = new VideoRef(video, new Clip(1, 7));
        ObjectNode expected = Json.MAPPER.valueToTree(Grounding.of(
                served.handle, local, new Grounding.Query(watched, QUERY, List.of(), PromptTemplate.DEFAULT, 32)));
        expected.put("video", "square.mp4").put("model", "small");
        ((ObjectNode) answer).remove(List.of("seconds", "notes"));
        expected.remove("seconds");
        assertEquals(expected, answer);
        request.putArray("options").add("a red square").add("a blue circle");
        assertEquals(
                "square.mp4", served.good("v1/ground", request).path("video").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/n | 0 | n",
                "/n | 1.5 | n",
                "/n | 100000 | n",
                "/max_tokens | 100000 | max_tokens",
                "/max_tokens | \"9\" | max_tokens",
                "/temperature | -1 | temperature",
                "/top_p | 0 | top_p",
                "/stop | [\"a\",\"b\",\"c\",\"d\",\"e\"] | stop",
                "/stop | \"\" | stop",
                "/stream | 1 | stream",
                "/top_logprobs | 3 | top_logprobs",
                "/tools | [{\"type\":\"function\"}] | tools",
                "/presence_penalty | 0.5 | presence_penalty",
                "/response_format | {\"type\":\"json_object\"} | response_format",
                "/messages | [] | messages",
                "/messages | \"text\" | messages",
                "/messages/0/role | \"system\" | messages",
                "/messages/0/content | \"no video\" | messages",
                "/messages/0/content | [{\"type\":\"text\",\"text\":\"no video\"}] | messages",
                "/messages/0/content | [{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}] | messages",
                "/videotg | {\"mask\":{\"mode\":\"hide\",\"grids\":[1]}} | videotg.mask.mode",
                "/videotg | {\"mask\":{\"mode\":\"drop\",\"grids\":[-1]}} | videotg.mask.grids",
                "/videotg | {\"mask\":{\"mode\":\"drop\",\"grids\":[99]}} | videotg.mask.grids",
                "/videotg | {\"mask\":{\"mode\":\"drop\",\"grids\":[0,1,2,3,4,5,6,7]}} | videotg.mask.grids",
                "/videotg | {\"clip\":{\"start\":5,\"end\":2}} | videotg.clip",
                "/videotg | {\"clip\":{\"start\":50}} | ",
                "/videotg | {\"name\":\"../x\"} | name",
            })
    void whatIsWrongIsNamed(String pointer, String value, String parameter) {
        ObjectNode request = chat("square.mp4");
        String parent = pointer.substring(0, pointer.lastIndexOf('/'));
        ((ObjectNode) request.at(parent)).set(pointer.substring(parent.length() + 1), Json.parse(value, "value"));
        HttpResponse<String> answer = served.post("v1/chat/completions", Json.line(request));
        assertEquals(400, answer.statusCode(), answer.body());
        JsonNode error = Json.parse(answer.body(), "error").path("error");
        assertEquals(parameter, error.path("param").textValue(), answer.body());
        assertFalse(error.path("message").asText().isBlank());
        assertFalse(answer.body().contains(folder.toString()), answer.body());
    }

    @Test
    void otherModelsAndRoutesAreNotFound() {
        HttpResponse<String> answer = served.post("v1/chat/completions", "{\"model\":\"gpt-4o\"}");
        assertEquals(404, answer.statusCode());
        assertEquals(
                "model_not_found",
                Json.parse(answer.body(), "error").path("error").path("code").asText());
        assertEquals(404, served.post("v1/completions", "{}").statusCode());
    }

    @Test
    void theVideosThatWereUsedLongestAgoGo() throws IOException {
        byte[] bytes = Files.readAllBytes(video);
        String first = served.upload(video);
        // Another video of nearly 100 kB: bytes after the end of an mp4 file are not read.
        int padding = 90_000;
        for (int i = 0; i < 5; i++) {
            byte[] padded = Arrays.copyOf(bytes, bytes.length + padding);
            padded[padded.length - 1] = (byte) (i + 1);
            served.upload(Files.write(folder.resolve("padded.mp4"), padded));
        }
        HttpResponse<String> answer = served.post("v1/chat/completions", Json.line(chat(first)));
        assertEquals(404, answer.statusCode());
        assertTrue(answer.body().contains("video_not_found"), answer.body());
        assertTrue(served.serving.storedBytes() <= Served.LIMITS.folderBytes());
        assertEquals(
                200,
                served.post("v1/grids", "{\"video\":\"" + served.upload(video) + "\"}")
                        .statusCode());
    }

    @Test
    void severalClientsGetTheAnswersOfOne() {
        List<ObjectNode> requests = IntStream.range(0, 12)
                .mapToObj(seed -> chat("square.mp4")
                        .put("temperature", 1)
                        .put("max_tokens", 24)
                        .put("seed", seed))
                .toList();
        List<CompletableFuture<JsonNode>> together = requests.stream()
                .map(request -> CompletableFuture.supplyAsync(() -> served.good("v1/chat/completions", request)))
                .toList();
        for (int i = 0; i < requests.size(); i++) {
            assertEquals(
                    here(new Decoding(1, 1, 24, i)).get(0).text(),
                    texts(together.get(i).join()).get(0));
        }
    }

    @Test
    void metricsCountWhatWasDone() {
        served.good("v1/chat/completions", chat("square.mp4"));
        String text = served.get("metrics");
        for (String name : List.of(
                "videotg_requests_total{route=\"/v1/chat/completions\",status=\"200\"}",
                "videotg_request_seconds_bucket{route=\"/v1/chat/completions\",le=\"0.2\"}",
                "videotg_tokens_total{kind=\"generated\"}",
                "videotg_tokens_per_second",
                "videotg_requests_waiting",
                "videotg_resident_bytes")) {
            assertTrue(text.contains("\n" + name), name + " in " + text);
        }
        assertEquals("{\"status\":\"ok\"}", served.get("health"));
    }

    /** The description is written by hand. */
    @Test
    void theDescriptionNamesEveryRouteAndNoOther() {
        JsonNode description = Yaml.parse(Resources.text(Serving.class, "openapi.yaml"), "openapi.yaml");
        Set<String> described = new TreeSet<>();
        description
                .path("paths")
                .properties()
                .forEach(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(
                                method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));
        Set<String> routes = new TreeSet<>();
        served.serving.routes().forEach(route -> routes.add(route.method() + " " + route.path()));
        assertEquals(routes, described);
        Set<String> open = new TreeSet<>();
        description.path("paths").properties().forEach(path -> {
            if (path.getValue().at("/get/security/0").isObject()) {
                open.add(path.getKey());
            }
        });
        Set<String> keyless = new TreeSet<>();
        served.serving.routes().stream().filter(route -> route.open()).forEach(route -> keyless.add(route.path()));
        assertEquals(keyless, open);
        // Every reference leads somewhere.
        description
                .findValuesAsText("$ref")
                .forEach(reference ->
                        assertTrue(!description.at(reference.substring(1)).isMissingNode(), reference));
    }

    @Test
    void thePageAsksNoOtherHost() {
        for (String file : List.of("", "page.js", "page.css")) {
            String text = served.get(file);
            assertTrue(text.length() > 1000, file);
            assertFalse(text.matches("(?s).*https?://.*"), file + " names another host");
        }
        assertTrue(served.get("").contains("<script src=\"page.js\""), "no script in the page itself");
    }
}
