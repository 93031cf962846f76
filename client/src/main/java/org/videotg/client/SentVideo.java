package org.videotg.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.videotg.core.grid.GridMask;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.mllm.VideoView;
import org.videotg.video.LosslessClip;
import org.videotg.video.Png;

/**
 * A view of a video in the form in which it travels, without loss from the sampled frames.
 *
 * @param form that can express the view
 * @param parts of the message, between the texts
 * @param file to be deleted after the answer
 */
record SentVideo(VideoForm form, SampledClip clip, GridMask mask, List<ObjectNode> parts, Optional<Path> file)
        implements AutoCloseable {
    /** Frames in a second by which frames are numbered: milliseconds. */
    static final int NUMBERED = 1000;

    SentVideo {
        parts = List.copyOf(parts);
    }

    /**
     * Samples, decodes and encodes.
     *
     * @param folder of the form path
     */
    static SentVideo of(VideoView view, SampledClip clip, VideoForm form, Optional<Path> folder) {
        GridMask mask = view.mask();
        return switch (form) {
            case FRAMES -> new SentVideo(form, clip, mask, pictures(clip, mask), Optional.empty());
            case SEQUENCE -> {
                List<String> frames = new ArrayList<>();
                clip.frames(mask, (image, frame) -> frames.add(base64(Png.encode(image))));
                // The servers that take this form read pictures by their bytes, whatever the type says.
                yield new SentVideo(
                        form,
                        clip,
                        mask,
                        List.of(video("data:video/jpeg;base64," + String.join(",", frames))),
                        Optional.empty());
            }
            case URL -> {
                Path file = matroska(clip, mask, form, Optional.empty());
                try {
                    String url = "data:video/x-matroska;base64," + base64(Files.readAllBytes(file));
                    yield new SentVideo(form, clip, mask, List.of(video(url)), Optional.empty());
                } catch (IOException e) {
                    throw new OutputException("can't read " + file + ": " + e.getMessage(), e);
                } finally {
                    delete(file);
                }
            }
            case PATH, SPREAD -> {
                Path file = matroska(clip, mask, form, folder);
                yield new SentVideo(form, clip, mask, List.of(video(file.toString())), Optional.of(file));
            }
            case AUTO, UPLOAD -> throw new IllegalArgumentException(form + " is no form of a sampled clip");
        };
    }

    /** Returns the numbers of the frames: milliseconds from the clip's start. */
    List<Integer> numbers() {
        return IntStream.of(clip.shown(mask))
                .mapToObj(frame -> (int) Math.round(NUMBERED * clip.sampled().times()[frame]))
                .toList();
    }

    private static List<ObjectNode> pictures(SampledClip clip, GridMask mask) {
        List<ObjectNode> parts = new ArrayList<>();
        clip.frames(mask, (image, frame) -> {
            parts.add(text("<" + tenths(clip.sampled().times()[frame]) + " seconds>"));
            ObjectNode picture = Json.MAPPER.createObjectNode().put("type", "image_url");
            picture.putObject("image_url").put("url", "data:image/png;base64," + base64(Png.encode(image)));
            parts.add(picture);
        });
        return parts;
    }

    /** Rounds as the references do: a tie to the even digit. */
    private static BigDecimal tenths(double seconds) {
        return new BigDecimal(seconds).setScale(1, RoundingMode.HALF_EVEN);
    }

    /** Makes an empty file for a clip. */
    static Path temporary(Optional<Path> folder) {
        try {
            return folder.isPresent()
                    ? Files.createTempFile(folder.get(), "videotg", ".mkv")
                    : Files.createTempFile("videotg", ".mkv");
        } catch (IOException e) {
            throw new OutputException(
                    "can't write a clip to "
                            + folder.map(Path::toString).orElse(System.getProperty("java.io.tmpdir"))
                            + ": " + e.getMessage() + "; check the folder and free space",
                    e);
        }
    }

    private static Path matroska(SampledClip clip, GridMask mask, VideoForm form, Optional<Path> folder) {
        Path file = temporary(folder);
        boolean whole = false;
        boolean spread = form == VideoForm.SPREAD;
        double fps = spread ? clip.fpsOfPlaces() : clip.fps();
        // transformers serve reads the sound of every file.
        try (LosslessClip writer = new LosslessClip(file, clip.size(), fps, form != VideoForm.URL)) {
            if (spread) {
                int[] places = clip.places();
                clip.frames(mask, (image, frame) -> {
                    for (int place = frame == 0 ? 0 : places[frame - 1] + 1; place < places[frame]; place++) {
                        writer.addBlack(place / fps);
                    }
                    writer.add(image, places[frame] / fps);
                });
            } else {
                clip.frames(
                        mask, (image, frame) -> writer.add(image, clip.sampled().times()[frame]));
            }
            writer.finish();
            whole = true;
        } finally {
            if (!whole) {
                delete(file);
            }
        }
        return file;
    }

    static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new OutputException("can't delete " + file + ": " + e.getMessage() + "; delete it", e);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    static ObjectNode text(String text) {
        return Json.MAPPER.createObjectNode().put("type", "text").put("text", text);
    }

    static ObjectNode video(String url) {
        ObjectNode part = Json.MAPPER.createObjectNode().put("type", "video_url");
        part.putObject("video_url").put("url", url);
        return part;
    }

    /** Returns the content of a message with this video between two texts, which may be empty. */
    ArrayNode between(String before, String after) {
        return between(before, parts, after);
    }

    static ArrayNode between(String before, List<ObjectNode> parts, String after) {
        ArrayNode content = Json.MAPPER.createArrayNode();
        if (!before.isEmpty()) {
            content.add(text(before));
        }
        content.addAll(parts);
        if (!after.isEmpty()) {
            content.add(text(after));
        }
        return content;
    }

    /** Deletes the file that the server has read. */
    @Override
    public void close() {
        file.ifPresent(SentVideo::delete);
    }
}
