package org.videotg.training.distributed;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.ByteVector;
import org.bytedeco.pytorch.PrefixStore;
import org.bytedeco.pytorch.Store;
import org.bytedeco.pytorch.StringVector;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;

/**
 * One connection to the store in which ranks meet, libtorch's TCPStore. A call that waits holds the connection, so each
 * thread has its own.
 */
final class RankStore implements AutoCloseable {
    /**
     * What libtorch has been given. JavaCPP's binding lets it own an object that a constructor has made, which so can be
     * given once, and must not be freed from here as well.
     */
    private static final List<Pointer> GIVEN = new CopyOnWriteArrayList<>();

    private final TCPStore store;
    private final String prefix;

    private RankStore(TCPStore store, String prefix) {
        this.store = store;
        this.prefix = prefix;
    }

    /**
     * Connects, and waits for the store to be there.
     *
     * @param serve whether the store itself is kept by this process
     * @param timeout of the connection and of every call
     * @throws InputException if there is no store
     */
    static RankStore connect(RankVariables variables, boolean serve, Duration timeout) {
        return new RankStore(open(variables, serve, timeout), prefix(variables));
    }

    /** Returns a connection of libtorch's own to a part of the store, which libtorch frees. */
    static Store give(RankVariables variables, String part, Duration timeout) {
        TCPStore connection = open(variables, false, timeout);
        PrefixStore given = new PrefixStore(prefix(variables) + part, connection);
        GIVEN.addAll(List.of(connection, given));
        return given;
    }

    /** Each attempt of torchrun to start the ranks has keys of its own. */
    private static String prefix(RankVariables variables) {
        return "videotg/" + variables.attempt() + "/";
    }

    private static TCPStore open(RankVariables variables, boolean serve, Duration timeout) {
        try (TCPStoreOptions options = new TCPStoreOptions()
                .port((short) variables.port())
                .isServer(serve)
                .waitWorkers(false)
                .timeout(new Milliseconds(timeout.toMillis()))) {
            return new TCPStore(variables.address(), options);
        } catch (RuntimeException e) {
            throw new InputException(
                    (serve
                                    ? "can't open port " + variables.port() + " for the ranks to meet"
                                    : "rank " + variables.rank() + " can't reach " + variables.address() + ":"
                                            + variables.port() + ", where rank 0 waits")
                            + " (" + firstLine(e) + "); check MASTER_ADDR, MASTER_PORT and the network",
                    e);
        }
    }

    /** Returns what libtorch says, without its stack. */
    static String firstLine(Throwable failure) {
        String line = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        // A path of libtorch's sources in brackets says nothing to a user.
        return line.replaceFirst("^\\[[^\\]]*\\.(cc|cpp|h|hpp):\\d+\\] *", "");
    }

    void set(String key, Object value) {
        try (PointerScope scope = new PointerScope()) {
            store.set(prefix + key, new ByteVector(Json.MAPPER.writeValueAsBytes(value)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not writable as JSON: " + value.getClass(), e);
        }
    }

    boolean has(String key) {
        try (PointerScope scope = new PointerScope()) {
            return store.check(new StringVector(prefix + key));
        }
    }

    /** Returns a value, after waiting for it. */
    <T> T get(String key, Class<T> type) {
        try (PointerScope scope = new PointerScope()) {
            return Json.MAPPER.readValue(store.get(prefix + key).get(), type);
        } catch (IOException e) {
            throw new IllegalStateException("the store holds no " + type.getSimpleName() + " at " + key, e);
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
