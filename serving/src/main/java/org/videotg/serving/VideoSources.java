package org.videotg.serving;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.Sha256;
import org.videotg.serving.ServingSettings.VideoSettings;
import org.videotg.video.LosslessClip;
import org.videotg.video.VideoFile;
import org.videotg.video.VideoInfo;
import org.videotg.web.WebException;

/** Finds the videos that requests name, and nothing else: in the request, among the uploads, below the root, at a host. */
final class VideoSources implements AutoCloseable {
    private static final Duration FETCH_TIME = Duration.ofMinutes(2);
    private static final Pattern UPLOAD = Pattern.compile("upload:(?<id>[0-9a-f]{64})/(?<name>.+)");
    private static final Pattern SCHEME = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]+):.*", Pattern.DOTALL);
    private static final String UNNAMED = "video.mp4";
    private static final int MAX_ADDRESS = 4096;
    private static final int MAX_LINKS = 10_000;
    private static final long MAX_FRAME_PIXELS = 1L << 28;

    private final VideoSettings settings;
    private final VideoStore store;
    private final Fetcher fetcher;
    private final Optional<Path> root;
    private final Path names;
    /** Where pictures become videos. */
    private final Path framing;

    private int links;

    /** @throws InputException if the root is no folder */
    VideoSources(VideoSettings settings) {
        this.settings = settings;
        this.root = settings.root().map(VideoSources::realFolder);
        this.fetcher = new Fetcher(settings.hosts(), settings.privateHosts(), FETCH_TIME);
        this.store = new VideoStore(settings.folder(), settings.limits());
        this.names = store.folder().resolve("names");
        this.framing = store.folder().resolve("framing");
    }

    private static Path realFolder(Path root) {
        try {
            if (Files.isDirectory(root)) {
                return root.toRealPath();
            }
        } catch (IOException e) {
            // Reported as any other folder that can't be read.
        }
        throw new InputException("--root " + root + " is not a folder that can be read; check the path");
    }

    VideoStore store() {
        return store;
    }

    /**
     * A video that is there until it is closed.
     *
     * @param file where it lies
     * @param title by which messages call it, without the server's folders
     */
    record Found(Path file, String title, Runnable release) implements AutoCloseable {
        /** Returns a message without the path of the file. */
        String hide(String message) {
            return message.replace(file.toString(), title);
        }

        @Override
        public void close() {
            release.run();
        }
    }

    /**
     * Finds a video and checks that it can be read and is within the limits.
     *
     * @param data the request's data URLs
     * @throws WebException (400) if the address may not be used or is no video, (404) if there is none
     */
    Found find(View view, DataUrls data) {
        view.name().ifPresent(VideoStore::checkName);
        Found found = view.times().isPresent()
                ? pictures(data.parts(view.address()), view.times().get(), view.name())
                : locate(view.address(), view.name(), data);
        try {
            check(VideoFile.probe(found.file()));
            return found;
        } catch (RuntimeException e) {
            found.close();
            throw e instanceof InputException && !(e instanceof OutputException)
                    ? WebException.parameter("video_url", found.hide(e.getMessage()))
                    : e;
        }
    }

    private Found locate(String address, Optional<String> name, DataUrls data) {
        if (address.length() > MAX_ADDRESS) {
            throw WebException.parameter(
                    "video_url", "the address of a video has at most " + MAX_ADDRESS + " characters");
        }
        Matcher scheme = SCHEME.matcher(address);
        String kind = scheme.matches() ? scheme.group("scheme").toLowerCase(Locale.ROOT) : "";
        return switch (kind) {
            case "data" -> stored(data.decode(address), name.orElse(UNNAMED));
            case "upload" -> uploaded(address, name);
            case "http", "https" -> stored(fetcher.open(address), name.orElseGet(() -> lastPart(address)));
            case "", "file" -> below(path(address), name);
            default ->
                throw WebException.parameter(
                        "video_url",
                        "the address of a video begins with data:, upload:, file:, https: or http:, not " + kind + ":");
        };
    }

    /** Stores pictures with their times as a video that loses nothing, one request at a time. */
    private Found pictures(List<InputStream> pictures, List<Double> times, Optional<String> name) {
        if (pictures.size() != times.size()) {
            throw WebException.parameter(
                    "videotg.times", "there are " + times.size() + " times for " + pictures.size() + " pictures");
        }
        synchronized (framing) {
            Path work = AtomicFiles.temporaryFolder(framing, "pictures");
            Path folder = work.resolve("pictures");
            try {
                Files.createDirectory(folder);
                for (int i = 0; i < pictures.size(); i++) {
                    Files.copy(pictures.get(i), folder.resolve(i + ".png"));
                }
                AtomicFiles.writeString(folder.resolve("frames.json"), Json.line(Map.of("times", times)));
                VideoFile video = VideoFile.open(folder);
                check(video.info());
                if ((double) video.info().width() * video.info().height() * pictures.size() > MAX_FRAME_PIXELS) {
                    throw WebException.parameter(
                            "video_url",
                            "the pictures have more than " + MAX_FRAME_PIXELS + " pixels together; upload a video");
                }
                Path clip = work.resolve("clip.mkv");
                LosslessClip.copy(video, clip);
                return stored(Files.newInputStream(clip), name.orElse(UNNAMED));
            } catch (IOException e) {
                throw WebException.parameter("video_url", "the base64 of a picture is damaged");
            } catch (OutputException e) {
                throw e;
            } catch (InputException e) {
                throw WebException.parameter("video_url", e.getMessage().replace(folder + "/", ""));
            } finally {
                AtomicFiles.deleteTree(work);
            }
        }
    }

    /** The file name in an address on the web. */
    private static String lastPart(String address) {
        String path = address.replaceFirst("[?#].*", "");
        try {
            return VideoStore.checkName(decoded(path.substring(path.lastIndexOf('/') + 1)));
        } catch (WebException | IllegalArgumentException e) {
            return UNNAMED;
        }
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Found stored(InputStream in, String name) {
        try (in) {
            VideoStore.Use use = store.add(in, name);
            return new Found(use.file(), name, use::close);
        } catch (IOException e) {
            throw WebException.parameter(
                    "video_url", "the bytes of the video can't be read: the base64 is damaged, or the host broke off");
        }
    }

    private Found uploaded(String address, Optional<String> name) {
        Matcher upload = UPLOAD.matcher(address);
        VideoStore.Use use = (upload.matches()
                        ? store.find(upload.group("id"), name.orElse(upload.group("name")))
                        : Optional.<VideoStore.Use>empty())
                .orElseThrow(() -> WebException.of(
                        404, "video_not_found", "there is no such upload, or no longer; upload the video again"));
        return new Found(use.file(), use.name(), use::close);
    }

    private static String path(String address) {
        if (!address.regionMatches(true, 0, "file:", 0, 5)) {
            return address;
        }
        Matcher file = Pattern.compile("(?i)file:(?://(?:localhost)?)?(?<path>/(?!/).*)")
                .matcher(address);
        if (!file.matches()) {
            throw WebException.parameter("video_url", "a file's address is file:///PATH");
        }
        try {
            return decoded(file.group("path"));
        } catch (IllegalArgumentException e) {
            throw WebException.parameter("video_url", "a file's address is file:///PATH");
        }
    }

    /** A file below the root, after all links have been followed. That there are files elsewhere is not told. */
    private Found below(String path, Optional<String> name) {
        WebException missing = WebException.of(
                404,
                "video_not_found",
                root.isPresent()
                        ? "there is no such file below the root of this server"
                        : "this server was started without --root, so that requests can't name files; upload the"
                                + " video");
        if (root.isEmpty()) {
            throw missing;
        }
        try {
            Path real = root.get().resolve(path).normalize().toRealPath();
            if (!real.startsWith(root.get()) || !Files.isRegularFile(real)) {
                throw missing;
            }
            String called = name.orElse(real.getFileName().toString());
            Path file = called.equals(real.getFileName().toString()) ? real : link(real, called);
            return new Found(file, called, () -> {});
        } catch (IOException | InvalidPathException e) {
            throw missing;
        }
    }

    /** Gives a file another name for the seeded draws. */
    private Path link(Path file, String name) throws IOException {
        Path folder = names.resolve(Sha256.of(file.toString()));
        Path link = folder.resolve(name);
        synchronized (names) {
            Files.createDirectories(folder);
            if (!Files.isSymbolicLink(link)) {
                if (++links > MAX_LINKS) {
                    throw WebException.parameter("name", "files were given more than " + MAX_LINKS + " names");
                }
                Files.createSymbolicLink(link, file);
            }
        }
        return link;
    }

    private void check(VideoInfo info) {
        if (info.duration() > settings.limits().seconds()) {
            throw WebException.parameter(
                    "video_url",
                    "the video lasts longer than the " + settings.limits().seconds() + " s that this server takes");
        }
        if ((long) info.width() * info.height() > settings.limits().pixels()) {
            throw WebException.parameter(
                    "video_url",
                    "the video's pictures have more than the "
                            + settings.limits().pixels() + " pixels that this server takes");
        }
    }

    /** Removes the uploads. */
    @Override
    public void close() {
        store.close();
    }
}
