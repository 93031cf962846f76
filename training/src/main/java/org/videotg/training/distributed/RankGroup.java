package org.videotg.training.distributed;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.chrono.Milliseconds;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.Work;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * Several processes that train together, on torch.distributed: Gloo for values and for tensors on the CPU, NCCL for
 * tensors on GPUs, and a TCPStore in which they meet. Another rank that is lost ends the wait for it with a
 * {@link RankLostException}.
 */
public final class RankGroup implements ProcessGroup {
    /** How long ranks wait for one another to start. */
    private static final Duration START = Duration.ofMinutes(5);
    /** The watch finds lost ranks much earlier. */
    private static final Duration EXCHANGE = Duration.ofDays(7);

    private static final Duration CALL = Duration.ofSeconds(20);
    private static final long POLL_MILLIS = 50;

    private final RankVariables variables;
    private final List<RankName> names;
    private final RankStore store;
    private final RankWatch watch;
    private final ProcessGroupGloo gloo;
    private final double joining;

    /** Exchanges tensors on GPUs; null on the CPU. */
    private ProcessGroupNCCL nccl;

    private volatile boolean stopAsked;
    private boolean stopping;
    private double waiting;
    private double exchanging;
    private int tag;

    private RankGroup(
            RankVariables variables, RankStore store, List<RankName> names, RankWatch.Limits limits, Meeting meeting) {
        this.variables = variables;
        this.names = names;
        this.store = store;
        this.watch = new RankWatch(
                () -> RankStore.connect(variables, false, CALL), variables, names, limits, meeting.lost());
        watch.start();
        try (ProcessGroupGloo.Options options =
                ProcessGroupGloo.Options.create(new Milliseconds(EXCHANGE.toMillis()))) {
            options.devices().put(new GlooDeviceVector(device(variables)));
            this.gloo = new ProcessGroupGloo(
                    RankStore.give(variables, "gloo", START), variables.rank(), variables.size(), options);
        } catch (RuntimeException e) {
            throw watch.lost(e);
        }
        this.joining = (System.nanoTime() - meeting.begin()) / 1e9;
    }

    private record Meeting(long begin, Consumer<RankLostException> lost) {}

    /**
     * Returns the ranks of a group on this machine, each of which joins in a thread or process of its own.
     *
     * @throws InputException if no port is free for them to meet
     */
    public static List<Local> local(int size) {
        try (ServerSocket socket = new ServerSocket(0)) {
            int port = socket.getLocalPort();
            return IntStream.range(0, size)
                    .mapToObj(rank -> new Local(RankVariables.local(rank, size, port)))
                    .toList();
        } catch (IOException e) {
            throw new InputException("no port is free for the ranks to meet (" + e.getMessage() + ")", e);
        }
    }

    /** A rank on this machine that has not joined yet. */
    public record Local(RankVariables variables) {
        public int number() {
            return variables.rank();
        }

        public RankGroup join(Consumer<RankLostException> lost) {
            return RankGroup.join(variables, lost);
        }
    }

    /**
     * Meets the other ranks.
     *
     * @param lost is told when another rank is lost, in a thread of its own, while a call may go on waiting
     * @throws InputException if they don't all come, or are of another version
     */
    public static RankGroup join(RankVariables variables, Consumer<RankLostException> lost) {
        return join(variables, RankWatch.Limits.usual(), lost);
    }

    static RankGroup join(RankVariables variables, RankWatch.Limits limits, Consumer<RankLostException> lost) {
        Meeting meeting = new Meeting(System.nanoTime(), lost);
        NativeRuntime.load();
        RankStore store = RankStore.connect(variables, variables.keepsStore(), START);
        RankWatch.announce(store, variables.rank());
        store.set(name(variables.rank()), RankName.of(variables.rank(), version()));
        List<RankName> names = meet(variables, store);
        List<String> others = names.stream()
                .filter(name -> !name.version().equals(names.get(0).version()))
                .map(name -> name + " runs " + name.version())
                .toList();
        if (!others.isEmpty()) {
            throw new InputException(String.join("; ", others) + ", but " + names.get(0) + " "
                    + names.get(0).version() + "; install the same version everywhere");
        }
        return new RankGroup(variables, store, names, limits, meeting);
    }

    private static String version() {
        return "videotg " + RankGroup.class.getPackage().getImplementationVersion() + ", libtorch "
                + torch.class.getPackage().getImplementationVersion();
    }

    private static String name(int rank) {
        return "name/" + rank;
    }

    private static List<RankName> meet(RankVariables variables, RankStore store) {
        long until = System.nanoTime() + START.toNanos();
        List<RankName> names = new ArrayList<>();
        while (names.size() < variables.size()) {
            if (store.has(name(names.size()))) {
                names.add(store.get(name(names.size()), RankName.class));
            } else if (System.nanoTime() > until) {
                String missing = IntStream.range(names.size(), variables.size())
                        .filter(rank -> !store.has(name(rank)))
                        .mapToObj(String::valueOf)
                        .collect(Collectors.joining(", "));
                throw new InputException("of " + variables.size() + " ranks these have not come to "
                        + variables.address() + ":" + variables.port() + " within " + START.toMinutes() + " min: "
                        + missing + "; start all of them with the same WORLD_SIZE, MASTER_ADDR and MASTER_PORT");
            } else {
                pause();
            }
        }
        return List.copyOf(names);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InputException("stopped while waiting for the other ranks", e);
        }
    }

    /** Returns the network of the ranks: the one named by GLOO_SOCKET_IFNAME, or that of this host's name. */
    private static org.bytedeco.pytorch.gloo.Device device(RankVariables variables) {
        String name = System.getenv("GLOO_SOCKET_IFNAME");
        if (name != null && !name.isBlank()) {
            return ProcessGroupGloo.createDeviceForInterface(name.strip());
        }
        return variables.address().equals("127.0.0.1") || variables.address().equals("localhost")
                ? ProcessGroupGloo.createDeviceForHostname("127.0.0.1")
                : ProcessGroupGloo.createDefaultDevice();
    }

    @Override
    public int rank() {
        return variables.rank();
    }

    @Override
    public int size() {
        return variables.size();
    }

    @Override
    public int localRank() {
        return variables.localRank();
    }

    @Override
    public List<RankName> names() {
        return names;
    }

    @Override
    public void use(Device device) {
        if (!device.isCpu() && nccl == null) {
            nccl = new ProcessGroupNCCL(RankStore.give(variables, "nccl", START), rank(), size());
        }
    }

    /**
     * What a rank sends.
     *
     * @param stop whether it was asked to stop
     */
    private record Message<T>(boolean stop, List<T> values) {}

    @Override
    public <T> List<List<T>> gather(List<T> mine, Class<T> type) {
        long begin = System.nanoTime();
        try (PointerScope scope = new PointerScope()) {
            byte[] sent = Json.MAPPER.writeValueAsBytes(new Message<>(stopAsked, mine));
            long[] lengths = Tensors.toLongs(all(Tensors.ids(Device.CPU, new int[] {sent.length})));
            int longest = Math.toIntExact(Arrays.stream(lengths).max().orElseThrow());
            Tensor padded = Tensors.empty(Device.CPU, torch.ScalarType.Byte, longest);
            new BytePointer(padded.data_ptr()).put(sent);
            byte[] received = new byte[Math.multiplyExact(longest, size())];
            new BytePointer(all(padded).data_ptr()).get(received);
            List<List<T>> gathered = new ArrayList<>();
            for (int rank = 0; rank < size(); rank++) {
                var message = Json.MAPPER.readTree(received, rank * longest, (int) lengths[rank]);
                stopping |= message.get("stop").booleanValue();
                List<T> values = new ArrayList<>();
                for (var value : message.get("values")) {
                    values.add(Json.MAPPER.treeToValue(value, type));
                }
                gathered.add(values);
            }
            return gathered;
        } catch (IOException e) {
            throw new IllegalStateException("values can't be sent to other ranks as JSON: " + type, e);
        } finally {
            waiting += (System.nanoTime() - begin) / 1e9;
        }
    }

    /** Gathers tensors on the CPU. */
    private Tensor all(Tensor mine) {
        Tensor whole = Tensors.empty(Device.CPU, mine.scalar_type().intern(), mine.numel() * size());
        await(() -> gloo._allgather_base(whole, mine));
        return whole;
    }

    private void await(Supplier<Work> exchange) {
        watch.waiting(true);
        try {
            exchange.get()._wait();
        } catch (RuntimeException e) {
            throw watch.lost(e);
        } finally {
            watch.waiting(false);
        }
    }

    @Override
    public Exchange exchange(Tensor received, Tensor sent) {
        try (PointerScope scope = new PointerScope()) {
            Backend tensors = nccl == null ? gloo : nccl;
            Work work = tensors.alltoall_base(received, sent, new LongVector(), new LongVector());
            work.retainReference();
            return () -> finish(work);
        } catch (RuntimeException e) {
            throw watch.lost(e);
        }
    }

    private void finish(Work work) {
        long begin = System.nanoTime();
        try {
            await(() -> work);
        } finally {
            work.releaseReference();
            exchanging += (System.nanoTime() - begin) / 1e9;
        }
    }

    @Override
    public void complete(Tensor whole) {
        long begin = System.nanoTime();
        try (PointerScope scope = new PointerScope()) {
            long part = whole.numel() / size();
            Tensor own = whole.narrow(0, rank() * part, part);
            if (nccl != null) {
                await(() -> nccl._allgather_base(whole, own));
                return;
            }
            // Gloo's own all-gather copies twice; measured at five times the time of these.
            List<Work> works = new ArrayList<>();
            tag++;
            watch.waiting(true);
            for (int step = 1; step < size(); step++) {
                int from = (rank() - step + size()) % size();
                works.add(gloo.recv(new TensorVector(whole.narrow(0, from * part, part)), from, tag));
            }
            for (int step = 1; step < size(); step++) {
                works.add(gloo.send(new TensorVector(own), (rank() + step) % size(), tag));
            }
            works.forEach(Work::_wait);
        } catch (RankLostException e) {
            throw e;
        } catch (RuntimeException e) {
            throw watch.lost(e);
        } finally {
            watch.waiting(false);
            exchanging += (System.nanoTime() - begin) / 1e9;
        }
    }

    @Override
    public void stepsBegin() {
        watch.stepsBegin();
    }

    @Override
    public void progress() {
        watch.progress();
    }

    @Override
    public void whileWriting(Runnable write) {
        watch.waiting(true);
        try {
            write.run();
        } finally {
            watch.waiting(false);
        }
    }

    @Override
    public void askToStop() {
        stopAsked = true;
    }

    @Override
    public boolean isStopping() {
        return stopping;
    }

    @Override
    public void fail(String message) {
        watch.fail(message);
    }

    @Override
    public Spent spent() {
        return new Spent(waiting, exchanging, joining);
    }

    @Override
    public void close() {
        watch.close();
        if (nccl != null) {
            nccl.close();
        }
        gloo.close();
        store.close();
    }
}
