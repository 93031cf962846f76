package org.videotg.serving;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.videotg.web.WebException;

/**
 * Fetches videos from the hosts that the operator has named. The connection goes to the very address that was checked,
 * so that a name can't change its address in between, and redirects are not followed.
 */
final class Fetcher {
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final int MAX_HEADERS = 32 << 10;

    private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d{1,15})\r\n");

    private final Set<String> hosts;
    private final boolean privateHosts;
    private final Duration time;

    /**
     * @param hosts as {@code HOST} or {@code HOST:PORT}
     * @param time for a whole video
     */
    Fetcher(Set<String> hosts, boolean privateHosts, Duration time) {
        this.hosts = hosts;
        this.privateHosts = privateHosts;
        this.time = time;
    }

    /**
     * Opens a video; the caller closes it.
     *
     * @throws WebException if its host is not allowed, or it can't be fetched
     */
    InputStream open(String address) {
        URI uri = parse(address);
        boolean secure = uri.getScheme().equalsIgnoreCase("https");
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        int port = uri.getPort() < 0 ? (secure ? HTTPS : HTTP) : uri.getPort();
        boolean standard = port == HTTP || port == HTTPS;
        if (!hosts.contains(host + ":" + port) && !(standard && hosts.contains(host))) {
            throw refused("this server fetches no videos from " + host + ":" + port
                    + "; upload it, or ask the operator to allow the host");
        }
        InetAddress found = resolve(host);
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(found, port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            Socket used = secure ? encrypted(socket, host, port) : socket;
            return content(used, request(uri, host, port, standard));
        } catch (IOException e) {
            close(socket);
            throw refused("the video can't be fetched from " + host);
        } catch (WebException e) {
            close(socket);
            throw e;
        }
    }

    private static URI parse(String address) {
        try {
            URI uri = URI.create(address);
            if (uri.getHost() == null || uri.getUserInfo() != null || uri.getPort() > 65535) {
                throw refused("the address of a video must have a host, and no user");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw refused("the address of the video is no URL");
        }
    }

    private InetAddress resolve(String host) {
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            for (InetAddress address : addresses) {
                if (!privateHosts && !isPublic(address)) {
                    throw refused(
                            "host " + host + " has an address in a private network; this server fetches nothing there");
                }
            }
            return addresses[0];
        } catch (UnknownHostException e) {
            throw refused("host " + host + " is not known");
        }
    }

    /** Whether an address belongs to the public Internet. */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        if (address instanceof Inet4Address) {
            return first != 0
                    && first < 224
                    && !(first == 100 && second >= 64 && second < 128)
                    && !(first == 192 && second == 0)
                    && !(first == 198 && (second == 18 || second == 19));
        }
        // Global unicast without tunnels, which carry an address of version 4 inside.
        return address instanceof Inet6Address
                && (first & 0xe0) == 0x20
                && !(first == 0x20 && second == 0x02)
                && !(first == 0x20 && second == 0x01 && bytes[2] == 0 && bytes[3] == 0);
    }

    private static Socket encrypted(Socket socket, String host, int port) throws IOException {
        SSLSocket secure =
                (SSLSocket) ((SSLSocketFactory) SSLSocketFactory.getDefault()).createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    /** HTTP/1.0: the body is what comes until the connection ends, without a transfer encoding. */
    private static String request(URI uri, String host, int port, boolean standard) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return "GET " + path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()) + " HTTP/1.0\r\nHost: " + host
                + (standard ? "" : ":" + port)
                + "\r\nUser-Agent: videotg\r\nAccept: video/*\r\nAccept-Encoding: identity\r\n"
                + "Connection: close\r\n\r\n";
    }

    private InputStream content(Socket socket, String request) throws IOException {
        long until = System.nanoTime() + time.toNanos();
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        InputStream in = new BufferedInputStream(new FilterInputStream(socket.getInputStream()) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                if (System.nanoTime() - until > 0) {
                    throw new IOException("too slow");
                }
                return super.read(target, offset, length);
            }

            @Override
            public void close() throws IOException {
                socket.close();
            }
        });
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MAX_HEADERS) {
                throw new IOException("no answer");
            }
            head.append((char) next);
        }
        String headers = head.toString().toLowerCase(Locale.ROOT);
        if (!headers.matches("(?s)http/1\\.[01] 200 .*")) {
            throw refused("the video's host answered "
                    + head.substring(0, head.indexOf("\r\n")).replaceAll("[^ -~]", "?")
                    + "; redirects are not followed");
        }
        if (headers.contains("\r\ntransfer-encoding:")) {
            throw refused("the video's host answered in a form that was not asked for");
        }
        Matcher length = LENGTH.matcher(headers);
        return length.find() ? new Complete(in, Long.parseLong(length.group(1))) : in;
    }

    /** Refuses a body that ends early. */
    private static final class Complete extends FilterInputStream {
        private long left;

        Complete(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int read = super.read(target, offset, length);
            if (read < 0 && left > 0) {
                throw new IOException("the connection ended early");
            }
            left -= Math.max(0, read);
            return read;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It was refused for another reason.
        }
    }

    private static WebException refused(String message) {
        return WebException.parameter("video_url", message);
    }
}
