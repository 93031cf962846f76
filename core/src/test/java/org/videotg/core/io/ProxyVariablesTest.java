package org.videotg.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyVariablesTest {
    @ParameterizedTest
    @CsvSource({
        "https://huggingface.co/x, https_proxy, '', true",
        "https://huggingface.co/x, HTTPS_PROXY, '', true",
        "https://huggingface.co/x, ALL_PROXY, '', true",
        "https://huggingface.co/x, HTTP_PROXY, '', false",
        "http://hub.local/x, http_proxy, '', true",
        "https://huggingface.co/x, HTTPS_PROXY, 'localhost,huggingface.co', false",
        "https://cdn.huggingface.co/x, HTTPS_PROXY, .huggingface.co, false",
        "https://nothuggingface.co/x, HTTPS_PROXY, huggingface.co, true",
        "https://HuggingFace.co/x, HTTPS_PROXY, huggingface.CO, false",
        "https://huggingface.co/x, HTTPS_PROXY, *, false",
        "http://localhost:8000/v1, HTTP_PROXY, '', false",
        "http://127.0.0.1:8000/v1, ALL_PROXY, '', false",
        "http://[::1]:8000/v1, HTTP_PROXY, '', false",
    })
    void choosesAsCurlDoes(URI address, String variable, String direct, boolean proxied) {
        List<Proxy> chosen = new ProxyVariables(Map.of(variable, "http://proxy.local:3128", "NO_PROXY", direct))
                .selector()
                .select(address);
        assertEquals(1, chosen.size());
        assertEquals(
                proxied ? Proxy.Type.HTTP : Proxy.Type.DIRECT, chosen.get(0).type());
        if (proxied) {
            InetSocketAddress proxy = (InetSocketAddress) chosen.get(0).address();
            assertEquals("proxy.local:3128", proxy.getHostString() + ":" + proxy.getPort());
        }
    }

    @Test
    void requestsGoThroughTheProxyWithItsPassword() throws Exception {
        List<String> seen = new CopyOnWriteArrayList<>();
        HttpServer proxy = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        proxy.createContext("/", exchange -> {
            String password = exchange.getRequestHeaders().getFirst("Proxy-Authorization");
            seen.add(exchange.getRequestURI() + " " + password);
            if (password == null) {
                exchange.getResponseHeaders().add("Proxy-Authenticate", "Basic realm=\"proxy\"");
            }
            exchange.sendResponseHeaders(password == null ? 407 : 200, -1);
            exchange.close();
        });
        proxy.start();
        try {
            ProxyVariables variables = new ProxyVariables(Map.of(
                    "HTTP_PROXY",
                    "http://me:secret@127.0.0.1:" + proxy.getAddress().getPort()));
            HttpClient client = HttpClient.newBuilder()
                    .proxy(variables.selector())
                    .authenticator(variables.authenticator().orElseThrow())
                    .build();
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://hub.invalid/api")).build();
            assertEquals(200, client.send(request, BodyHandlers.discarding()).statusCode());
            String basic = Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of("http://hub.invalid/api null", "http://hub.invalid/api Basic " + basic), seen);
        } finally {
            proxy.stop(0);
        }
    }

    @Test
    void aWrongAddressIsAnError() {
        for (String wrong : List.of("proxy", "socks5://proxy:1080", "http://[", "http://proxy")) {
            InputException error = assertThrows(
                    InputException.class,
                    () -> new ProxyVariables(Map.of("HTTPS_PROXY", wrong))
                            .selector()
                            .select(URI.create("https://huggingface.co")));
            assertTrue(error.getMessage().contains("HTTPS_PROXY"), error.getMessage());
        }
    }
}
