package org.videotg.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.MllmContract;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.FrameDecoder;
import org.videotg.video.FrameSampling;
import org.videotg.video.Mp4Writer;
import org.videotg.video.RgbImage;
import org.videotg.video.SampledFrames;
import org.videotg.video.VideoFile;

/** A model behind a stub of a server keeps the port's contract; the requests have the forms of the kinds of servers. */
class OpenAiMllmTest extends MllmContract {
    private static final int SIDE = 64;

    @TempDir
    static Path folder;

    private final StubServer server = new StubServer(StubServer.Faults.NONE);

    @AfterEach
    void close() {
        server.close();
    }

    static Backend.Handle find(StubServer server, Map<String, String> settings, Map<String, String> video) {
        return Backend.findModel(new Backend.Request(
                server.model(), Optional.empty(), video, Path.of("none"), "auto", "auto", settings));
    }

    @Override
    protected Mllm open() {
        return find(server, Map.of(), Map.of()).open();
    }

    @Override
    protected Path video() {
        return square(folder);
    }

    /** A square that moves for eight seconds. */
    static Path square(Path folder) {
        Path file = folder.resolve("video.mp4");
        if (!Files.exists(file)) {
            Mp4Writer.write(
                    file,
                    SIDE,
                    SIDE,
                    4,
                    IntStream.range(0, 32).mapToObj(OpenAiMllmTest::frame).iterator(),
                    Mp4Writer.CRISP);
        }
        return file;
    }

    private static byte[] frame(int number) {
        byte[] rgb = new byte[3 * SIDE * SIDE];
        for (int y = 20; y < 34; y++) {
            for (int x = number; x < number + 14; x++) {
                rgb[3 * (y * SIDE + x)] = (byte) 220;
            }
        }
        return rgb;
    }

    private List<Reply> ask(Map<String, String> settings, GridMask mask, Decoding decoding) {
        return ask(settings, Map.of(), mask, decoding);
    }

    private List<Reply> ask(Map<String, String> settings, Map<String, String> clips, GridMask mask, Decoding decoding) {
        try (Mllm mllm = find(server, settings, clips).open()) {
            return mllm.ask(new Question(new VideoView(VideoRef.whole(video()), mask), "before ", " after"), decoding)
                    .replies();
        }
    }

    private JsonNode last() {
        return server.requests().get(server.requests().size() - 1);
    }

    private ArrayNode content() {
        return (ArrayNode) last().path("messages").path(0).path("content");
    }

    private static GridMask mask(MaskMode mode) {
        BitSet masked = new BitSet();
        masked.set(2, 5);
        return GridMask.of(masked, mode);
    }

    private static List<RgbImage> frames(Path file) {
        List<RgbImage> frames = new ArrayList<>();
        VideoFile video = VideoFile.open(file);
        FrameDecoder.decode(
                video.info(), IntStream.range(0, video.info().frames()).toArray(), (i, image) -> frames.add(image));
        return frames;
    }

    /** The sampled frames, without loss, and black where they are masked. */
    @ParameterizedTest
    @EnumSource(
            value = ServerKind.class,
            names = {"VLLM", "SGLANG"})
    void aMaskedVideoTravelsWithoutLoss(ServerKind kind) throws IOException {
        ask(Map.of("kind", kind.id()), mask(MaskMode.BLANK), Decoding.greedy(8));
        ArrayNode content = content();
        assertEquals(3, content.size());
        assertEquals("before ", content.path(0).path("text").asText());
        assertEquals(" after", content.path(2).path("text").asText());
        String url = content.path(1).path("video_url").path("url").asText();
        String prefix = "data:video/x-matroska;base64,";
        assertTrue(url.startsWith(prefix));
        Path sent = Files.write(folder.resolve("sent.mkv"), Base64.getDecoder().decode(url.substring(prefix.length())));
        SampledClip clip = SampledClip.of(VideoRef.whole(video()), ClipSettings.of(Map.of(), "stub"));
        assertEquals(15 / 7.75, VideoFile.probe(sent).fps(), 5e-3, "frame 15 is at 7.75 s");
        List<RgbImage> decoded = new ArrayList<>();
        FrameDecoder.decode(
                VideoFile.probe(video()),
                clip.sampled().indices(),
                FrameDecoder.Colours.FAST,
                (i, image) -> decoded.add(image));
        List<RgbImage> seen = frames(sent);
        assertEquals(16, seen.size());
        for (int i = 0; i < 16; i++) {
            byte[] expected = i >= 4 && i < 10
                    ? new byte[3 * SIDE * SIDE]
                    : decoded.get(i).rgb();
            assertArrayEquals(expected, seen.get(i).rgb(), "frame " + i);
        }
        assertEquals(
                kind == ServerKind.VLLM ? "false" : "",
                last().path("mm_processor_kwargs").path("do_sample_frames").asText());
    }

    @Test
    void aViewWithoutSomeGridsTravelsAsFramesWithTheirTimes() {
        ask(Map.of(), mask(MaskMode.DROP), Decoding.greedy(8));
        ArrayNode content = content();
        assertEquals(2 + 2 * 10, content.size());
        List<String> times = new ArrayList<>();
        content.forEach(part -> {
            if (part.path("text").asText().startsWith("<")) {
                times.add(part.path("text").asText());
            }
        });
        assertEquals(
                List.of(
                        "<0.0 seconds>",
                        "<0.5 seconds>",
                        "<1.0 seconds>",
                        "<1.5 seconds>",
                        "<5.2 seconds>",
                        "<5.8 seconds>",
                        "<6.2 seconds>",
                        "<6.8 seconds>",
                        "<7.2 seconds>",
                        "<7.8 seconds>"),
                times);
        assertTrue(content.path(2).path("image_url").path("url").asText().startsWith("data:image/png;base64,"));
        assertTrue(last().path("mm_processor_kwargs").isMissingNode(), "pictures are not sampled");
    }

    @Test
    void aSequenceOfPicturesHasTheNumbersOfItsFrames() {
        ask(Map.of("video", "sequence"), mask(MaskMode.DROP), Decoding.greedy(8));
        JsonNode reading = last().path("media_io_kwargs").path("video");
        assertEquals(1000, reading.path("fps").asInt());
        assertEquals(10, reading.path("frames_indices").size());
        assertEquals(5230, reading.path("frames_indices").path(4).asInt(), 30);
        assertEquals(
                10,
                content()
                        .path(1)
                        .path("video_url")
                        .path("url")
                        .asText()
                        .substring("data:video/jpeg;base64,".length())
                        .split(",")
                        .length);
    }

    /** It knows neither n nor logprobs, and takes paths. */
    @Test
    void transformersServeIsAskedOnceForEachReply() throws IOException {
        Path clips = Files.createDirectories(folder.resolve("clips"));
        Map<String, String> settings = Map.of("kind", "transformers", "folder", clips.toString());
        List<Reply> replies = ask(settings, Map.of("factor", "32"), GridMask.none(), new Decoding(3, 1, 8, 5));
        assertEquals(3, replies.size());
        assertEquals(3, server.requests().size());
        assertEquals(
                3,
                server.requests().stream()
                        .map(request -> request.path("seed"))
                        .distinct()
                        .count());
        for (JsonNode request : server.requests()) {
            assertTrue(!request.has("n") && !request.has("logprobs"));
            JsonNode prompt = request.path("chat_template_kwargs");
            assertEquals(16, prompt.path("num_frames").asInt());
            assertTrue(prompt.path("fps").isNull(), "not both");
            String template = prompt.path("chat_template").asText();
            assertTrue(template.contains("'video' %}<|video_pad|>{%"), template);
        }
        assertTrue(content().path(1).path("video_url").path("url").asText().startsWith(clips.toString()));
        try (var left = Files.list(clips)) {
            assertEquals(0, left.count(), "what was sent is deleted");
        }
        try (Mllm mllm = find(server, settings, Map.of()).open()) {
            assertTrue(mllm.yesNo().isEmpty());
        }
        // Nothing says that the model named "stub" is one of Qwen3-VL, so it keeps its own template.
        ask(settings, GridMask.none(), Decoding.greedy(8));
        assertEquals(
                "{\"do_sample_frames\":false,\"num_frames\":null}", Json.line(last().path("chat_template_kwargs")));
    }

    /** A server that takes every evenly spaced frame, by the rule of transformers, finds the frames with their times. */
    @Test
    void framesAreSpreadForAServerThatSamplesByItself() {
        SampledClip clip = SampledClip.of(VideoRef.whole(video()), ClipSettings.of(Map.of(), "Qwen3-VL"));
        VideoView view = new VideoView(VideoRef.whole(video()), mask(MaskMode.BLANK));
        try (SentVideo sent = SentVideo.of(view, clip, VideoForm.SPREAD, Optional.of(folder))) {
            Path file = sent.file().orElseThrow();
            SampledFrames found = FrameSampling.Hf.defaults().sample(VideoFile.open(file));
            assertArrayEquals(clip.sampled().times(), found.times(), 1e-6);
            List<RgbImage> seen = frames(file);
            assertEquals(32, seen.size());
            List<RgbImage> expected = new ArrayList<>();
            clip.frames(view.mask(), (image, frame) -> expected.add(image));
            BitSet taken = new BitSet();
            for (int i = 0; i < expected.size(); i++) {
                taken.set(found.indices()[i]);
                assertArrayEquals(
                        expected.get(i).rgb(), seen.get(found.indices()[i]).rgb(), "frame " + i);
            }
            for (int i = taken.nextClearBit(0); i < seen.size(); i = taken.nextClearBit(i + 1)) {
                assertArrayEquals(new byte[3 * SIDE * SIDE], seen.get(i).rgb(), "between: " + i);
            }
        }
        for (String name : List.of("Qwen2.5-VL-7B", "stub")) {
            assertEquals(
                    VideoForm.PATH,
                    ServerKind.TRANSFORMERS.form(VideoForm.AUTO, ClipSettings.of(Map.of(), name), false));
        }
    }

    @Test
    void otherServersGetOneRequestForSeveralReplies() {
        for (ServerKind kind : List.of(ServerKind.VLLM, ServerKind.SGLANG, ServerKind.OPENAI)) {
            assertEquals(
                    3,
                    ask(Map.of("kind", kind.id()), GridMask.none(), new Decoding(3, 1, 8, 5))
                            .size());
            assertEquals(3, last().path("n").asInt());
            assertEquals(1, last().path("top_p").asInt());
            assertEquals(kind != ServerKind.OPENAI, last().has("repetition_penalty"));
        }
        assertEquals(3, server.requests().size());
    }

    @Test
    void theServerSaysItsKindAndVersion() {
        try (Mllm mllm = open()) {
            assertEquals("stub", mllm.identity().name());
            assertEquals(
                    "vllm 1.2.3 owned_by=vllm root=/models/stub",
                    mllm.identity().weights());
            assertTrue(mllm.identity().preprocessing().startsWith("video url Utils[fps=2.0"));
        }
        server.owner("somebody");
        try (Mllm mllm = open()) {
            assertEquals("server openai", mllm.identity().architecture());
        }
        server.owner("vllm");
        InputException unknown = assertThrows(
                InputException.class,
                () -> Backend.findModel(new Backend.Request(
                        server.model() + "x", Optional.empty(), Map.of(), Path.of("none"), "auto", "auto")));
        assertTrue(unknown.getMessage().contains("has no model \"stubx\"; it has \"stub\""), unknown.getMessage());
    }

    @Test
    void whatDoesNotApplyIsRefused() {
        for (Map<String, String> wrong :
                List.of(Map.of("kind", "vlm"), Map.of("attempts", "0"), Map.of("video", "upload", "kind", "vllm"))) {
            assertThrows(InputException.class, () -> find(server, wrong, Map.of()), wrong.toString());
        }
        assertThrows(InputException.class, () -> find(server, Map.of(), Map.of("positions", "qwen")));
        for (String address : List.of("http://me:secret@localhost/v1", "http://localhost/v1?key=1", "http:///v1")) {
            String message = assertThrows(InputException.class, () -> ServerAddress.parse(address))
                    .getMessage();
            assertTrue(!message.contains("secret"), message);
        }
    }

    @Test
    void theKeyComesFromTheEnvironmentOrAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "abc\n");
        assertEquals(Optional.empty(), ApiKey.of(Map.of()));
        assertEquals(Optional.of("abc"), ApiKey.of(Map.of(ApiKey.FILE_VARIABLE, file.toString())));
        assertEquals(
                Optional.of("def"), ApiKey.of(Map.of(ApiKey.FILE_VARIABLE, file.toString(), ApiKey.VARIABLE, " def ")));
        assertThrows(InputException.class, () -> ApiKey.of(Map.of(ApiKey.VARIABLE, "two\nlines")));
        assertThrows(InputException.class, () -> ApiKey.of(Map.of(ApiKey.FILE_VARIABLE, "no-such-file")));
    }

    @Test
    void differentTokensOfTheVideoAreSaid() {
        SampledClip clip = SampledClip.of(VideoRef.whole(video()), ClipSettings.of(Map.of(), "Qwen3-VL"));
        SentVideo sent = new SentVideo(VideoForm.URL, clip, GridMask.none(), List.of(), Optional.empty());
        ClipSettings clips = ClipSettings.of(Map.of(), "Qwen3-VL");
        assertEquals(Optional.empty(), VideoTokens.difference(tokens(8, 32), sent, clips));
        assertTrue(VideoTokens.difference(tokens(9, 32), sent, clips)
                .orElseThrow()
                .contains("an outer pair of vision_start and vision_end, which videotg leaves out"));
        assertTrue(VideoTokens.difference(tokens(8, 30), sent, clips)
                .orElseThrow()
                .contains("has 30 tokens of the video, videotg's 32; it leaves out frames"));
    }

    private static ArrayNode tokens(int pairs, int video) {
        ArrayNode ids = Json.MAPPER.createArrayNode();
        IntStream.range(0, pairs).forEach(i -> ids.add(151_652).add(151_653));
        IntStream.range(0, video).forEach(i -> ids.add(151_656));
        return ids;
    }
}
