package org.videotg.client;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.regex.Pattern;
import org.videotg.core.io.InputException;

/**
 * The address of a model behind a server, such as {@code http://localhost:8000/v1#Qwen/Qwen3-VL-8B-Instruct}.
 *
 * @param base of the interface, without a slash at its end
 * @param model name at the server; empty for the only one that it has
 */
record ServerAddress(URI base, Optional<String> model) {
    private static final Pattern SCHEME = Pattern.compile("https?://.*", Pattern.CASE_INSENSITIVE);

    static boolean isOne(String text) {
        return SCHEME.matcher(text).matches();
    }

    /** @throws InputException if the text is no such address, or holds a password */
    static ServerAddress parse(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new InputException("\"" + text + "\" is no address; give http://HOST:PORT/v1#NAME", e);
        }
        if (uri.getRawUserInfo() != null) {
            throw new InputException("the address of " + uri.getHost()
                    + " holds a password; leave it out and set VIDEOTG_API_KEY or VIDEOTG_API_KEY_FILE");
        }
        if (uri.getHost() == null || uri.getRawQuery() != null) {
            throw new InputException("\"" + text + "\" is no address of a server; give http://HOST:PORT/v1#NAME");
        }
        String base = text.replaceFirst("#.*", "").replaceFirst("/+$", "");
        return new ServerAddress(
                URI.create(base), Optional.ofNullable(uri.getFragment()).filter(name -> !name.isBlank()));
    }

    /** Returns the address of a route of the interface. */
    URI route(String path) {
        return URI.create(base + path);
    }

    /** Returns the address of a route that lies beside the interface, such as {@code /version}. */
    URI beside(String path) {
        return URI.create(base.toString().replaceFirst("/[^/]*$", "") + path);
    }

    @Override
    public String toString() {
        return base + model.map(name -> "#" + name).orElse("");
    }
}
