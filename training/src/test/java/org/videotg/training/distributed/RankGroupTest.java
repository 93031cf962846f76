package org.videotg.training.distributed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class RankGroupTest {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final RankWatch.Limits QUICK =
            new RankWatch.Limits(Duration.ofMillis(100), Duration.ofMillis(1500), LONG, Duration.ofSeconds(2), LONG);

    /** Joins so many ranks in threads, and returns what each computes. */
    private static <R> List<R> inRanks(int ranks, Function<RankGroup, R> part) throws Exception {
        List<FutureTask<R>> tasks = RankGroup.local(ranks).stream()
                .map(rank -> new FutureTask<>(() -> {
                    try (RankGroup group = rank.join(lost -> {})) {
                        return part.apply(group);
                    }
                }))
                .toList();
        tasks.forEach(task -> new Thread(task).start());
        List<R> results = new ArrayList<>();
        for (FutureTask<R> task : tasks) {
            results.add(task.get(60, TimeUnit.SECONDS));
        }
        return results;
    }

    @Test
    void valuesAndPartsOfTensorsReachEveryRank() throws Exception {
        List<float[]> sent = List.of(new float[] {1, 2, 3}, new float[] {4, 5, 6}, new float[] {7, 8, 9});
        List<List<float[]>> received = inRanks(3, group -> {
            List<List<String>> values = group.gather(
                    IntStream.range(0, group.rank())
                            .mapToObj(i -> group.rank() + "\u00e9" + i)
                            .toList(),
                    String.class);
            assertEquals(List.of(List.of(), List.of("1\u00e90"), List.of("2\u00e90", "2\u00e91")), values);
            try (PointerScope scope = new PointerScope()) {
                Tensor mine = Tensors.floats(sent.get(group.rank()), 3);
                Tensor parts = Tensors.zeros(3);
                group.exchange(parts, mine).await();
                Tensor whole = Tensors.zeros(3);
                whole.narrow(0, group.rank(), 1).copy_(mine.narrow(0, 0, 1));
                group.complete(whole);
                return List.of(Tensors.toFloats(parts), Tensors.toFloats(whole));
            }
        });
        for (int rank = 0; rank < 3; rank++) {
            float[] parts = {sent.get(0)[rank], sent.get(1)[rank], sent.get(2)[rank]};
            assertArrayEquals(parts, received.get(rank).get(0));
            assertArrayEquals(new float[] {1, 4, 7}, received.get(rank).get(1));
        }
    }

    @Test
    void allRanksStopAfterTheSameExchange() throws Exception {
        assertEquals(List.of(List.of(false, true), List.of(false, true)), inRanks(2, group -> {
            group.await();
            boolean before = group.isStopping();
            if (group.rank() == 1) {
                group.askToStop();
            }
            group.await();
            return List.of(before, group.isStopping());
        }));
    }

    /** Returns what rank 0 is told of rank 1, which behaves as it is told, while rank 0 waits for it. */
    private static String found(RankWatch.Limits limits, boolean fails) throws Exception {
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        List<RankGroup.Local> ranks = RankGroup.local(2);
        FutureTask<Object> first = new FutureTask<>(() -> {
            RankGroup group = RankGroup.join(ranks.get(0).variables(), QUICK, lost -> told.add(lost.getMessage()));
            group.await();
            return null;
        });
        Thread waits = new Thread(first);
        waits.setDaemon(true);
        waits.start();
        BlockingQueue<String> toldToSecond = new LinkedBlockingQueue<>();
        RankGroup second =
                RankGroup.join(ranks.get(1).variables(), limits, lost -> toldToSecond.add(lost.getMessage()));
        if (fails) {
            second.fail("the disk is full");
        }
        String found = told.poll(20, TimeUnit.SECONDS);
        assertTrue(!fails || toldToSecond.isEmpty(), "it reports its failure itself");
        return found;
    }

    @Test
    void aSilentAStuckAndAFailedRankAreNamed() throws Exception {
        String rank = "rank 1 (host " + RankName.of(1, "").host() + ", process "
                + ProcessHandle.current().pid() + ")";
        RankWatch.Limits silent = new RankWatch.Limits(LONG, LONG, LONG, LONG, LONG);
        assertEquals(rank + " has given no sign of life for 1 s: it is dead, stopped or cut off", found(silent, false));
        assertEquals(
                rank + " is stuck: it has finished nothing for 2 s while others wait for it, before the first step",
                found(QUICK, false));
        assertEquals(rank + " failed: the disk is full", found(QUICK, true));
    }

    /**
     * Returns after how many milliseconds rank 0 is told that rank 1, which gives signs of life, does no more.
     *
     * @param work that both do before that, in milliseconds
     */
    private static long stuck(int work) throws Exception {
        RankWatch.Limits limits = new RankWatch.Limits(Duration.ofMillis(50), LONG, LONG, LONG, Duration.ofMillis(300));
        BlockingQueue<String> told = new LinkedBlockingQueue<>();
        List<Thread> threads = RankGroup.local(2).stream()
                .map(rank -> new Thread(() -> {
                    RankGroup group = RankGroup.join(
                            rank.variables(), limits, lost -> told.add(rank.number() + lost.getMessage()));
                    group.stepsBegin();
                    sleep(work);
                    group.await();
                    if (rank.number() == 0) {
                        group.await();
                    } else {
                        told.add("last exchange");
                        sleep(60_000);
                    }
                }))
                .toList();
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
        assertEquals("last exchange", told.poll(20, TimeUnit.SECONDS));
        long begin = System.nanoTime();
        String found = told.poll(20, TimeUnit.SECONDS);
        assertTrue(found != null && found.matches("[01]rank 1 .* is stuck: it has finished nothing for .*"), found);
        return (System.nanoTime() - begin) / 1_000_000;
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aRankThatComputesWithoutEndIsStuckAfterManyTimesTheLongestWork() throws Exception {
        long quick = stuck(0);
        long slow = stuck(500);
        assertTrue(quick >= 250 && quick < 2300, quick + " ms");
        assertTrue(slow >= 2400, slow + " ms");
    }

    @Test
    void variablesAreThoseOfTorchrun() {
        Map<String, String> of = Map.of(
                "RANK", "3", "LOCAL_RANK", "1", "WORLD_SIZE", "4", "MASTER_ADDR", "node0", "MASTER_PORT", "29500");
        RankVariables variables = RankVariables.of(of).orElseThrow();
        assertEquals(new RankVariables(3, 1, 4, "node0", 29500, false, 0), variables);
        assertEquals(Optional.of(variables), RankVariables.of(variables.environment()));
        assertEquals(Optional.empty(), RankVariables.of(Map.of("WORLD_SIZE", "1", "RANK", "0")));
        String message = assertThrows(
                        InputException.class, () -> RankVariables.of(Map.of("WORLD_SIZE", "2", "RANK", "0")))
                .getMessage();
        assertTrue(message.contains("MASTER_ADDR is not"), message);
        assertThrows(InputException.class, () -> RankVariables.local(2, 2, 29500));
    }

    @Test
    void slicesOfTheRanksCoverEveryTensorOnce() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope()) {
            FlatLayout layout = FlatLayout.of(Map.of("a", Tensors.zeros(700), "b", Tensors.zeros(3, 5)), 3, 200);
            assertEquals(0, layout.length() % (3 * 64));
            assertTrue(layout.buckets().size() > 1);
            int[] covered = new int[715];
            for (int rank = 0; rank < 3; rank++) {
                for (FlatLayout.Slice slice : layout.slices(rank)) {
                    assertEquals(
                            slice.flat(), layout.places().get(slice.tensor()).from() + slice.from());
                    assertEquals(slice.tensor(), FlatLayout.tensorOf(slice.key()));
                    int begin = slice.tensor().equals("a") ? 0 : 700;
                    for (long i = slice.from(); i < slice.from() + slice.length(); i++) {
                        covered[begin + (int) i]++;
                    }
                }
            }
            assertTrue(Arrays.stream(covered).allMatch(times -> times == 1), Arrays.toString(covered));
        }
    }
}
