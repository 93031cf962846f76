package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.MaskMode;
import org.videotg.core.mllm.Decoding;
import org.videotg.models.generate.Generator;
import org.videotg.models.nn.GridFeatures;
import org.videotg.models.nn.KvCache;
import org.videotg.models.nn.RecomputedForward;
import org.videotg.models.sequence.PackedRow;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.SequenceBuilder;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/** The packed row and the shared cache against the naive oracle: every suffix after its own copy of the prefix. */
class PackedRowTest {
    private static final List<int[]> SUFFIXES =
            List.of(new int[] {5, 9, 31}, new int[] {77}, new int[] {12, 12, 40, 8, 3});

    private static Prefix prefix(Golden golden) {
        int pad = golden.config.videoTokenId();
        int merge = golden.config.vision().spatialMergeSize();
        int[] thw = golden.thw("v0");
        SequenceBuilder builder = new SequenceBuilder().text(4, 8);
        for (int grid = 0; grid < thw[0]; grid++) {
            builder.text(7).grid(pad, thw[1] / merge, thw[2] / merge).text(11, 13);
        }
        return builder.text(2).build();
    }

    private static VisualEmbeddings visual(Golden golden) {
        return VisualEmbeddings.of(golden.see("v0"));
    }

    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void everySuffixIsAsIfItStoodAlone(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Prefix prefix = prefix(golden);
            PackedRow packed = new PackedRow(prefix, SUFFIXES);
            Tensor all = golden.model.hidden(packed, visual(golden));
            assertEquals(packed.length(), all.size(0));
            for (int g = 0; g < SUFFIXES.size(); g++) {
                Prefix alone = prefix.append(SUFFIXES.get(g));
                Tensor oracle = golden.model.hidden(new PackedRow(alone, List.of()), visual(golden));
                int[] predictors = packed.predictors(g);
                Tensor expected = oracle.narrow(0, prefix.length() - 1, predictors.length);
                Golden.assertClose("suffix " + g, expected, all.index_select(0, Tensors.ids(predictors)), 2e-5);
            }
        }
    }

    /** In another scope it would free tensors of the forward pass's scope twice. */
    @Test
    void aRecomputedRowRefusesABackwardPassInAnotherScope() {
        try (Golden golden = new Golden("qwen3vl/a");
                PointerScope scope = new PointerScope()) {
            RecomputedForward row = golden.model.recomputed(new PackedRow(prefix(golden), SUFFIXES), visual(golden));
            try (PointerScope other = new PointerScope()) {
                assertThrows(IllegalStateException.class, () -> row.backward(layer -> {}));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"qwen25vl/a", "qwen3vl/a"})
    void gradientsAreTheSumOfTheOracles(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope()) {
            golden.model.parameters().all().values().forEach(p -> p.set_requires_grad(true));
            Tensor weight = golden.model
                    .parameters()
                    .all()
                    .get(golden.model.names().text() + ".layers.1.self_attn.k_proj.weight");
            Tensor patch =
                    golden.model.parameters().all().get(golden.model.names().vision() + ".patch_embed.proj.weight");
            PackedRow packed = new PackedRow(prefix(golden), SUFFIXES);
            Tensor hidden = golden.model.hidden(packed, visual(golden));
            Tensor loss = Tensors.zeros(1);
            for (int g = 0; g < SUFFIXES.size(); g++) {
                loss = loss.add(hidden.index_select(0, Tensors.ids(packed.predictors(g)))
                        .square()
                        .sum());
            }
            loss.backward();
            Tensor packedText = weight.grad().clone();
            Tensor packedVision = patch.grad().clone();
            weight.grad().zero_();
            patch.grad().zero_();
            for (int[] suffix : SUFFIXES) {
                Prefix prefix = prefix(golden);
                Tensor oracle = golden.model.hidden(new PackedRow(prefix.append(suffix), List.of()), visual(golden));
                oracle.narrow(0, prefix.length() - 1, suffix.length)
                        .square()
                        .sum()
                        .backward();
            }
            assertRelative(weight.grad(), packedText);
            assertRelative(patch.grad(), packedVision);
        }
    }

    private static void assertRelative(Tensor expected, Tensor actual) {
        double error =
                actual.sub(expected).norm().item_double() / expected.norm().item_double();
        assertTrue(error < 1e-4, "off by " + error);
    }

    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void theSharedCacheGivesWhatThePackedRowGives(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Prefix prefix = new SequenceBuilder().text(4, 8, 15, 16, 23, 42).build();
            List<int[]> suffixes = List.of(new int[] {5, 9, 31}, new int[] {77, 3, 8});
            Tensor packed = golden.model.hidden(new PackedRow(prefix, suffixes), null);
            KvCache.Size size = new KvCache.Size(6, 2, 3);
            KvCache cache = new KvCache(golden.config.text(), size, Device.CPU, torch.ScalarType.Float);
            Golden.assertClose("prefix", packed.narrow(0, 5, 1), golden.model.prefill(cache, prefix, null), 1e-5);
            for (int i = 0; i < 3; i++) {
                int[] tokens = {suffixes.get(0)[i], suffixes.get(1)[i]};
                Tensor step = golden.model.step(
                        List.of(new Model.Advance(cache, new int[] {0, 1}, tokens, prefix.next() + i)));
                Golden.assertClose("first", packed.narrow(0, 6 + i, 1), step.narrow(0, 0, 1), 1e-5);
                Golden.assertClose("second", packed.narrow(0, 9 + i, 1), step.narrow(0, 1, 1), 1e-5);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.videotg.models.Golden#checkpoints")
    void aSharedBeginningGivesWhatTheWholePrefixGives(String checkpoint) {
        try (Golden golden = new Golden(checkpoint);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Prefix beginning = prefix(golden);
            int length = beginning.length();
            try (KvCache shared = cache(golden, new KvCache.Size(length, 0, 0))) {
                golden.model.prefill(shared, beginning, visual(golden));
                for (int[] text : new int[][] {{5, 9, 31, 2}, {77}, {5, 9, 30, 2, 11, 12}}) {
                    Prefix whole = beginning.append(text);
                    KvCache.Size size = new KvCache.Size(whole.length(), 2, 2);
                    try (KvCache expected = cache(golden, size);
                            KvCache actual = cache(golden, size)) {
                        Golden.assertClose(
                                "last",
                                golden.model.prefill(expected, whole, visual(golden)),
                                golden.model.extend(actual, whole, shared),
                                1e-5);
                        Golden.assertClose(
                                "next",
                                golden.model.step(List.of(advance(expected, whole))),
                                golden.model.step(List.of(advance(actual, whole))),
                                1e-5);
                    }
                }
            }
        }
    }

    private static KvCache cache(Golden golden, KvCache.Size size) {
        return new KvCache(golden.config.text(), size, Device.CPU, torch.ScalarType.Float);
    }

    private static Model.Advance advance(KvCache cache, Prefix prefix) {
        return new Model.Advance(cache, new int[] {0, 1}, new int[] {4, 8}, prefix.next());
    }

    /** The tensors of the rollouts that go on move to the front of the buffers. */
    @Test
    void rolloutsThatLeaveDoNotChangeTheOthers() {
        try (Golden golden = new Golden("qwen3vl/a");
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Prefix prefix = new SequenceBuilder().text(4, 8, 15, 16, 23, 42).build();
            List<int[]> suffixes = List.of(new int[] {5, 9, 31}, new int[] {77, 3, 8}, new int[] {12, 12, 40});
            Tensor packed = golden.model.hidden(new PackedRow(prefix, suffixes), null);
            KvCache.Size size = new KvCache.Size(6, 3, 3);
            KvCache cache = new KvCache(golden.config.text(), size, Device.CPU, torch.ScalarType.Float);
            golden.model.prefill(cache, prefix, null);
            int[][] alive = {{0, 1, 2}, {0, 2}, {2}};
            for (int i = 0; i < 3; i++) {
                int token = i;
                int[] tokens = Arrays.stream(alive[i])
                        .map(rollout -> suffixes.get(rollout)[token])
                        .toArray();
                Tensor step = golden.model.step(List.of(new Model.Advance(cache, alive[i], tokens, prefix.next() + i)));
                for (int row = 0; row < alive[i].length; row++) {
                    Tensor expected = packed.narrow(0, 6 + 3 * alive[i][row] + i, 1);
                    Golden.assertClose("token " + i + " of row " + row, expected, step.narrow(0, row, 1), 1e-5);
                }
            }
            assertThrows(IllegalStateException.class, () -> cache.beginStep(new int[] {2}));
        }
    }

    /** Prompts of other lengths, other kinds of draws and other numbers of rollouts, of which few fit at a time. */
    @Test
    void promptsInABatchGetTheRolloutsThatTheyGetAlone() {
        try (Golden golden = new Golden("qwen3vl/a")) {
            Generator generator = new Generator(golden.model, Set.of(3, 4, 5, 6));
            List<Generator.Request> requests = IntStream.range(0, 9)
                    .mapToObj(i -> {
                        Prefix prefix = new SequenceBuilder()
                                .text(IntStream.range(0, 3 + 5 * i)
                                        .map(j -> 7 + j)
                                        .toArray())
                                .build();
                        Decoding decoding = i % 4 == 0
                                ? Decoding.greedy(4 + i).withAlternatives(2)
                                : new Decoding(1 + i % 3, i % 2 == 0 ? 1 : 0.7, 3 + 2 * i, i);
                        return new Generator.Request(() -> new Generator.Prompt(prefix, null), decoding, i);
                    })
                    .toList();
            for (int rows : new int[] {1, 5, 100}) {
                List<Generator.Generated> together = generator.generate(requests, rows);
                for (int i = 0; i < requests.size(); i++) {
                    Generator.Request request = requests.get(i);
                    Generator.Generated alone =
                            generator.generate(request.prompt().get(), request.decoding(), request.key());
                    assertEquals(alone.tokenForwards(), together.get(i).tokenForwards());
                    assertSame(alone.rollouts(), together.get(i).rollouts());
                }
            }
        }
    }

    private static void assertSame(List<Generator.SampledReply> expected, List<Generator.SampledReply> actual) {
        assertEquals(expected.size(), actual.size());
        for (int i = 0; i < expected.size(); i++) {
            Generator.SampledReply one = expected.get(i);
            Generator.SampledReply other = actual.get(i);
            assertArrayEquals(one.ids(), other.ids());
            assertArrayEquals(one.logProbs(), other.logProbs(), 1e-4f);
            assertEquals(one.truncated(), other.truncated());
            assertEquals(one.likeliest().size(), other.likeliest().size());
            for (int j = 0; j < one.likeliest().size(); j++) {
                assertArrayEquals(
                        one.likeliest().get(j).ids(), other.likeliest().get(j).ids());
            }
        }
    }

    @Test
    void blankAndDropChooseAmongTheFeatures() {
        NativeRuntime.load();
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            GridFeatures features = new GridFeatures(2, 4, torch.randn(3, 8, 5), List.of(torch.randn(3, 8, 5)));
            GridFeatures black = features.map(t -> torch.zeros_like(t).narrow(0, 0, 1));
            BitSet middle = new BitSet();
            middle.set(1);
            GridFeatures dropped = features.masked(GridMask.of(middle, MaskMode.DROP), null);
            assertEquals(2, dropped.grids());
            Golden.assertClose(
                    "kept", features.merged().select(0, 2), dropped.merged().select(0, 1), 0);
            GridFeatures blank = features.masked(GridMask.of(middle, MaskMode.BLANK), black);
            assertEquals(3, blank.grids());
            assertEquals(0, blank.deepstack().get(0).select(0, 1).abs().sum().item_double());
            Golden.assertClose(
                    "kept",
                    features.deepstack().get(0).select(0, 2),
                    blank.deepstack().get(0).select(0, 2),
                    0);
        }
    }
}
