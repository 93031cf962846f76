package org.videotg.video;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Limit;

/**
 * Extracted frames as a video: a folder of pictures (jpg, jpeg, png) of one size and a file {@value #TIMES}, {@code
 * {"fps": 2}}, or {@code {"times": [0.0, 0.5, ..]}} with a time in seconds for each picture, ascending. Pictures are in
 * the order of their names, in which numbers count as such (frame_2 before frame_10).
 *
 * @param pictures in order of presentation
 * @param times of each, in seconds
 * @param fps frames a second
 */
record FrameFolder(Path folder, List<Path> pictures, double[] times, double fps) {
    /** Name of the file that makes a folder of pictures a video. */
    static final String TIMES = "frames.json";

    private static final String CODEC = "pictures";
    private static final Pattern PICTURE = Pattern.compile("(?i)[^.].*\\.(jpe?g|png)");
    private static final Pattern NUMBER = Pattern.compile("\\d+");

    static {
        ImageIO.setUseCache(false);
    }

    static boolean is(Path path) {
        return Files.isDirectory(path);
    }

    /**
     * Reads names and times.
     *
     * @throws InputException if there is no picture, the times are missing, not ascending or not as many
     */
    static FrameFolder open(Path folder) {
        Path file = folder.resolve(TIMES);
        if (!Files.exists(file)) {
            throw new InputException(folder + " is a folder; give a video file, or say in " + TIMES
                    + " when its pictures are shown: {\"fps\": 2} or {\"times\": [0.0, 0.5, ..]}");
        }
        List<Path> pictures = pictures(folder);
        if (pictures.isEmpty()) {
            throw new InputException(folder + " has " + TIMES + " but no picture (jpg, jpeg, png)");
        }
        JsonNode root = Json.read(file);
        int count = pictures.size();
        if (root.has("times") == root.has("fps")) {
            throw new InputException(file + ": give either \"fps\" or \"times\"");
        }
        if (root.has("fps")) {
            double fps = root.path("fps").asDouble();
            if (!(fps > 0) || fps > 1000) {
                throw new InputException(file + ": \"fps\" must be above 0 and at most 1000, not " + root.path("fps"));
            }
            return new FrameFolder(
                    folder,
                    pictures,
                    IntStream.range(0, count).mapToDouble(i -> i / fps).toArray(),
                    fps);
        }
        double[] times = times(file, root.path("times"), count);
        // The last picture is shown as long as the others on average.
        double span = times[count - 1] - times[0];
        double fps = count == 1 ? 1 : (count - 1) / span;
        return new FrameFolder(folder, pictures, times, fps);
    }

    private static double[] times(Path file, JsonNode list, int count) {
        if (!list.isArray() || list.size() != count) {
            throw new InputException(file + ": \"times\" must be a list with one time for each of the " + count
                    + " pictures, not " + (list.isArray() ? list.size() + " times" : "something else"));
        }
        double[] times = new double[count];
        for (int i = 0; i < count; i++) {
            times[i] = list.get(i).isNumber() ? list.get(i).asDouble() : Double.NaN;
            if (!(times[i] >= 0 && times[i] < 1e7) || (i > 0 && times[i] <= times[i - 1])) {
                throw new InputException(file + ": time " + (i + 1) + " of \"times\" is " + list.get(i)
                        + "; times are seconds from 0 on and ascend");
            }
        }
        return times;
    }

    private static List<Path> pictures(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            PICTURE.matcher(file.getFileName().toString()).matches())
                    .sorted(Comparator.comparing(FrameFolder::key).thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            throw new InputException("can't list " + folder + ": " + e.getMessage(), e);
        }
    }

    /** A name in which numbers have the same length, so that texts compare as numbers do. */
    private static String key(Path file) {
        return NUMBER.matcher(file.getFileName().toString())
                .replaceAll(number -> "0".repeat(Math.max(0, 19 - number.group().length())) + number.group());
    }

    VideoInfo info() {
        RgbImage first = read(0);
        int count = pictures.size();
        return new VideoInfo(
                folder,
                first.width(),
                first.height(),
                count / fps,
                fps,
                count,
                VideoFile.isConstant(times, fps, 0),
                times[0],
                Orientation.UPRIGHT,
                CODEC,
                false,
                List.of());
    }

    /**
     * Reads chosen pictures.
     *
     * @throws InputException if one can't be read or has another size than the video
     */
    static void decode(VideoInfo info, int[] indices, FrameDecoder.FrameSink sink) {
        FrameFolder frames = open(info.path());
        RgbImage image = null;
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] >= frames.pictures.size()) {
                throw new InputException(info.path() + " had " + info.frames() + " pictures and has "
                        + frames.pictures.size() + "; bring the others back");
            }
            image = i > 0 && indices[i] == indices[i - 1] ? image : frames.read(indices[i]);
            if (image.width() != info.width() || image.height() != info.height()) {
                throw new InputException(String.format(
                        Locale.ROOT,
                        "%s has %dx%d pixels where the first picture has %dx%d; pictures of a video have one size",
                        frames.pictures.get(indices[i]),
                        image.width(),
                        image.height(),
                        info.width(),
                        info.height()));
            }
            sink.frame(i, image);
        }
    }

    private RgbImage read(int index) {
        Path file = pictures.get(index);
        try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
            Iterator<ImageReader> readers = in == null ? null : ImageIO.getImageReaders(in);
            if (readers == null || !readers.hasNext()) {
                throw new InputException(file + " is no picture that can be read; write it as jpg or png");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in, true, true);
                if ((long) reader.getWidth(0) * reader.getHeight(0) > Limit.PICTURE_PIXELS.value()) {
                    throw new InputException(file + " has more than " + Limit.PICTURE_PIXELS.value() + " pixels");
                }
                return rgb(reader.read(0));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            if (e instanceof InputException known) {
                throw known;
            }
            // Readers of pictures throw several kinds for damaged files.
            throw new InputException(file + " is damaged (" + e.getMessage() + "); extract it again", e);
        }
    }

    private static RgbImage rgb(BufferedImage picture) {
        int width = picture.getWidth();
        int height = picture.getHeight();
        byte[] rgb = new byte[3 * width * height];
        int[] row = new int[width];
        for (int y = 0, to = 0; y < height; y++) {
            picture.getRGB(0, y, width, 1, row, 0, width);
            for (int x = 0; x < width; x++, to += 3) {
                rgb[to] = (byte) (row[x] >> 16);
                rgb[to + 1] = (byte) (row[x] >> 8);
                rgb[to + 2] = (byte) row[x];
            }
        }
        return new RgbImage(width, height, rgb);
    }
}
