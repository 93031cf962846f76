package org.videotg.core.io;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Proxies by the variables that curl and Python read: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in lower case
 * too. Java's own properties, such as {@code https.proxyHost}, override them.
 *
 * @param environment of the process
 */
record ProxyVariables(Map<String, String> environment) {
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127[.][0-9.]+|\\[::1]|\\[0:0:0:0:0:0:0:1]");
    private static final String BASIC = "jdk.http.auth.tunneling.disabledSchemes";

    /** Returns the rule that chooses a proxy for an address. */
    ProxySelector selector() {
        boolean properties = Stream.of("https.proxyHost", "http.proxyHost", "socksProxyHost")
                .anyMatch(name -> System.getProperty(name) != null);
        return properties ? ProxySelector.getDefault() : new Selector();
    }

    /** Returns what answers a proxy's question for a password, if an address of a proxy holds one. */
    Optional<Authenticator> authenticator() {
        return Stream.of("https", "http")
                .flatMap(scheme -> proxy(scheme).stream())
                .map(URI::getUserInfo)
                .filter(user -> user != null && user.contains(":"))
                .findFirst()
                .map(ProxyVariables::authenticator);
    }

    private static Authenticator authenticator(String user) {
        // Java sends no password in the clear to a proxy for https unless this is set before the first request.
        if (System.getProperty(BASIC) == null) {
            System.setProperty(BASIC, "");
        }
        int colon = user.indexOf(':');
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(
                                user.substring(0, colon),
                                user.substring(colon + 1).toCharArray())
                        : null;
            }
        };
    }

    private Optional<String> variable(String name) {
        return Stream.of(name, name.toUpperCase(Locale.ROOT))
                .map(environment::get)
                .filter(text -> text != null && !text.isBlank())
                .map(String::strip)
                .findFirst();
    }

    private Optional<URI> proxy(String scheme) {
        return variable(scheme + "_proxy").or(() -> variable("all_proxy")).map(text -> {
            try {
                URI uri = URI.create(text.contains("://") ? text : "http://" + text);
                if (uri.getHost() != null && uri.getPort() > 0 && "http".equals(uri.getScheme())) {
                    return uri;
                }
            } catch (IllegalArgumentException e) {
                // Not an address: the error below.
            }
            throw new InputException(scheme.toUpperCase(Locale.ROOT)
                    + "_PROXY or ALL_PROXY must be an address such as http://host:3128, with scheme http and a port");
        });
    }

    /** This machine; a host that is named, and every host below it; an asterisk is every host. */
    private boolean isDirect(String host) {
        return LOOPBACK.matcher(host).matches()
                || variable("no_proxy").stream()
                        .flatMap(list -> Arrays.stream(list.split(",")))
                        .map(entry -> entry.strip().toLowerCase(Locale.ROOT).replaceFirst("^[*]?[.]", ""))
                        .filter(entry -> !entry.isEmpty())
                        .anyMatch(entry -> entry.equals("*") || host.equals(entry) || host.endsWith("." + entry));
    }

    private final class Selector extends ProxySelector {
        @Override
        public List<Proxy> select(URI uri) {
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            return List.of(proxy(uri.getScheme())
                    .filter(proxy -> !isDirect(host))
                    .map(proxy -> new Proxy(Proxy.Type.HTTP, new InetSocketAddress(proxy.getHost(), proxy.getPort())))
                    .orElse(Proxy.NO_PROXY));
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {
            // The request fails with the same reason.
        }
    }
}
