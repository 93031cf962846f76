package org.videotg.models.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.videotg.core.io.InputException;

/**
 * Where models come from and where they are kept, by the environment variables that huggingface_hub reads.
 *
 * @param endpoint http or https, without a slash at its end
 * @param cache folder of {@code models--organisation--name} folders
 * @param token sent to the endpoint only, never to where it redirects
 * @param offline whether only the cache is used
 * @param links whether snapshots may link to blobs
 */
public record HubSettings(URI endpoint, Path cache, Optional<String> token, boolean offline, boolean links) {
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    public HubSettings {
        Objects.requireNonNull(cache, "cache");
        Objects.requireNonNull(token, "token");
        if (endpoint.getHost() == null || !List.of("http", "https").contains(endpoint.getScheme())) {
            throw new InputException("HF_ENDPOINT must be an http or https address, not \"" + endpoint + "\"");
        }
    }

    /** Returns the settings of this process's environment. */
    public static HubSettings current() {
        return of(System.getenv(), Path.of(System.getProperty("user.home")));
    }

    /**
     * Reads HF_ENDPOINT; HF_HUB_CACHE, else HF_HOME/hub, else XDG_CACHE_HOME/huggingface/hub, else
     * ~/.cache/huggingface/hub; HF_TOKEN, else the file HF_TOKEN_PATH, else HF_HOME/token; HF_HUB_OFFLINE or
     * TRANSFORMERS_OFFLINE; HF_HUB_DISABLE_SYMLINKS.
     */
    public static HubSettings of(Map<String, String> environment, Path userHome) {
        Function<String, Optional<String>> variable = name ->
                Optional.ofNullable(environment.get(name)).map(String::strip).filter(text -> !text.isEmpty());
        Function<String, Optional<Path>> folder = name -> variable.apply(name)
                .map(text -> text.startsWith("~/") ? userHome.resolve(text.substring(2)) : Path.of(text));
        Path home = folder.apply("HF_HOME")
                .orElseGet(() -> folder.apply("XDG_CACHE_HOME")
                        .orElse(userHome.resolve(".cache"))
                        .resolve("huggingface"));
        Path cache = folder.apply("HF_HUB_CACHE")
                .or(() -> folder.apply("HUGGINGFACE_HUB_CACHE"))
                .orElse(home.resolve("hub"));
        Optional<String> token = variable.apply("HF_TOKEN")
                .or(() -> variable.apply("HUGGING_FACE_HUB_TOKEN"))
                .or(() -> read(folder.apply("HF_TOKEN_PATH").orElse(home.resolve("token"))));
        return new HubSettings(
                endpoint(variable.apply("HF_ENDPOINT").orElse(DEFAULT_ENDPOINT)),
                cache,
                token,
                isTrue(variable.apply("HF_HUB_OFFLINE").or(() -> variable.apply("TRANSFORMERS_OFFLINE"))),
                !isTrue(variable.apply("HF_HUB_DISABLE_SYMLINKS")));
    }

    private static URI endpoint(String text) {
        try {
            return URI.create(text.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new InputException("HF_ENDPOINT must be an http or https address, not \"" + text + "\"", e);
        }
    }

    private static boolean isTrue(Optional<String> text) {
        return text.map(value -> List.of("1", "ON", "YES", "TRUE").contains(value.toUpperCase(Locale.ROOT)))
                .orElse(false);
    }

    private static Optional<String> read(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw new InputException(
                    "can't read the token in " + file + ": " + e.getMessage() + "; set HF_TOKEN, or delete the file",
                    e);
        }
    }

    /** Does not show the token. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=" + endpoint + ", cache=" + cache + ", token="
                + (token.isPresent() ? "set" : "none") + ", offline=" + offline + ", links=" + links + "]";
    }
}
