package org.videotg.web;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.videotg.core.io.Sha256;

/**
 * Who may ask: the server is addressed by a name of its own, pages of other origins stay out, and a client has the key.
 * A page of another origin that gives its own name this machine's address (DNS rebinding) still sends its own name.
 */
final class Gate {
    private static final Pattern AUTHORITY =
            Pattern.compile("(?<host>\\[[0-9a-fA-F:.]+]|[0-9A-Za-z._-]+)(?::(?<port>\\d{1,5}))?");
    private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private final WebSettings settings;
    private final boolean loopback;

    Gate(WebSettings settings) {
        this.settings = settings;
        this.loopback = settings.key().isEmpty() || isLoopback(settings.host());
    }

    /** @throws WebException if the host or origin of a request is not one of the server's */
    void checkSite(HttpServletRequest request) {
        List<String> hosts = Collections.list(request.getHeaders("Host"));
        Matcher host = AUTHORITY.matcher(hosts.size() == 1 ? hosts.get(0) : "");
        if (!host.matches()) {
            throw WebException.of(400, "bad_host", "a request must have one header Host with a name or address");
        }
        String name = host.group("host").toLowerCase(Locale.ROOT);
        if (!isOurs(name)) {
            throw WebException.of(
                    403,
                    "bad_host",
                    "this server does not answer under the name " + name + "; its operator can allow it");
        }
        List<String> origins = Collections.list(request.getHeaders("Origin"));
        if (origins.size() > 1 || (origins.size() == 1 && !isOurs(origins.get(0), hosts.get(0)))) {
            throw WebException.of(403, "bad_origin", "pages of other origins may not ask this server");
        }
        String site = request.getHeader("Sec-Fetch-Site");
        boolean page = "navigate".equals(request.getHeader("Sec-Fetch-Mode"))
                && request.getMethod().equals("GET");
        if (("cross-site".equals(site) || "same-site".equals(site)) && !page) {
            throw WebException.of(403, "bad_origin", "pages of other origins may not ask this server");
        }
    }

    /** Names of other machines' pages are never ours; a plain address is not subject to rebinding. */
    private boolean isOurs(String name) {
        boolean address = name.startsWith("[") || IPV4.matcher(name).matches();
        return name.equals("localhost")
                || settings.names().contains(name)
                || (address && (!loopback || isLoopback(name)));
    }

    private boolean isOurs(String origin, String host) {
        try {
            URI uri = URI.create(origin);
            return uri.getAuthority() != null
                    && (uri.getAuthority().equalsIgnoreCase(host)
                            || (uri.getPort() < 0
                                    && uri.getHost() != null
                                    && settings.names().contains(uri.getHost().toLowerCase(Locale.ROOT))));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isLoopback(String address) {
        return address.startsWith("127.")
                || address.equals("[::1]")
                || address.equals("::1")
                || address.equals("localhost");
    }

    /** @throws WebException (401) if a key is needed and the request has none that fits */
    void checkKey(HttpServletRequest request) {
        if (settings.key().isEmpty() || hasCookie(request)) {
            return;
        }
        String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        String given = header.regionMatches(true, 0, "Bearer ", 0, 7)
                ? header.substring(7).strip()
                : "";
        if (!isKey(given)) {
            throw WebException.of(
                    401,
                    "invalid_api_key",
                    "give the server's key as Authorization: Bearer KEY, or open its page with ?key=KEY");
        }
    }

    /** Whether it is the key; how long the comparison takes tells nothing of it. */
    boolean isKey(String given) {
        return settings.key().isPresent() && equal(given, settings.key().get());
    }

    /** The name of the cookie that stands for the key; servers on one host have cookies of their own. */
    String cookieName(int port) {
        return "videotg-" + port;
    }

    /** Proves the key without showing it. */
    String cookieValue() {
        return Sha256.of("cookie\n" + settings.key().orElseThrow());
    }

    private boolean hasCookie(HttpServletRequest request) {
        Cookie[] cookies = Optional.ofNullable(request.getCookies()).orElse(new Cookie[0]);
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(cookieName(request.getLocalPort()))
                    && equal(cookie.getValue(), cookieValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean equal(String a, String b) {
        // Digests have the same length, so that the comparison does not tell the key's.
        return MessageDigest.isEqual(
                Sha256.of(a).getBytes(StandardCharsets.UTF_8), Sha256.of(b).getBytes(StandardCharsets.UTF_8));
    }
}
