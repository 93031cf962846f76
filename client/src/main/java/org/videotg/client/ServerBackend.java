package org.videotg.client;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;

/** Models behind OpenAI-compatible servers, named {@code http://HOST:PORT/v1#NAME}. */
public final class ServerBackend implements Backend {
    private static final Logger LOG = LoggerFactory.getLogger(ServerBackend.class);
    private static final String AUTO = "auto";
    private static final long NOTE_NANOS = 5_000_000_000L;

    @Override
    public boolean accepts(String model) {
        return ServerAddress.isOne(model);
    }

    /** @throws org.videotg.core.mllm.UnavailableException if the server does not answer, or refuses the key */
    @Override
    public Handle find(Request request) {
        ServerAddress address = ServerAddress.parse(request.model());
        if (request.adapter().isPresent()) {
            throw new InputException("--adapter is for models on this machine; the server " + address.base()
                    + " loads its own: leave --adapter out, and name the adapter's model after #");
        }
        if (!request.device().equals(AUTO) || !request.dtype().equals(AUTO)) {
            throw new InputException(
                    "--device and --dtype are for models on this machine; leave them out for " + address.base());
        }
        ServerSettings settings = ServerSettings.of(request.server());
        Optional<String> key = ApiKey.of(System.getenv());
        if (key.isPresent() && address.base().getScheme().equalsIgnoreCase("http") && !isLoopback(address)) {
            LOG.warn(
                    "the key is sent to {} without encryption; put a proxy with TLS before the server", address.base());
        }
        ServerClient client = new ServerClient(address, key, settings, rarely(LOG::info));
        ServerInfo info = ServerInfo.of(client, settings.kind());
        if (info.kind() == ServerKind.VIDEOTG && !request.video().isEmpty()) {
            throw new InputException("videotg serve samples videos by its own options; leave --video out here, and"
                    + " give it to serve");
        }
        return new ServerModel(client, info, settings, request.video());
    }

    private static boolean isLoopback(ServerAddress address) {
        try {
            return InetAddress.getByName(address.base().getHost()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Many questions wait for the same reason. */
    private static Consumer<String> rarely(Consumer<String> output) {
        AtomicLong last = new AtomicLong(System.nanoTime() - NOTE_NANOS);
        return line -> {
            long before = last.get();
            if (System.nanoTime() - before >= NOTE_NANOS && last.compareAndSet(before, System.nanoTime())) {
                output.accept(line);
            }
        };
    }
}
