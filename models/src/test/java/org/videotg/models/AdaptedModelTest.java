package org.videotg.models;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.GridMask;
import org.videotg.core.io.InputException;
import org.videotg.core.io.RecordShards;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.generate.LocalMllm;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.lora.LoraConfig;
import org.videotg.models.lora.ModuleSelection;
import org.videotg.models.tensor.Placement;

/** A checkpoint that answers with an adapter: what it computes, what it is called, which features it shares. */
class AdaptedModelTest {
    private static final Path MODEL = Path.of("..", "models", "small");
    private static final Path VIDEO = Path.of("src/test/resources/golden/clip.mp4");

    @TempDir
    Path folder;

    /** A new adapter whose update is not zero. */
    private Path adapter(String name, String targets, double up) {
        LoraConfig config = new LoraConfig(2, 4, false, new ModuleSelection.Expression(targets), Optional.empty(), "");
        Path path = folder.resolve(name);
        try (ModelParameters base = WeightsReader.load(MODEL, torch.ScalarType.Float);
                LoraAdapter drawn = LoraAdapter.random(config, base, 3);
                PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            drawn.factors().forEach((factor, tensor) -> {
                if (factor.contains("lora_B")) {
                    tensor.fill_(new Scalar(up));
                }
            });
            Files.createDirectories(path);
            drawn.save(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return path;
    }

    private ModelIdentity identity(Optional<Path> adapter) {
        try (LocalMllm mllm =
                LocalMllm.open(MODEL, adapter, folder.resolve("features"), VideoOptions.DEFAULT, Placement.CPU)) {
            return mllm.identity();
        }
    }

    @Test
    void theIdentityNamesTheAdapterAndItsContents() {
        ModelIdentity plain = identity(Optional.empty());
        Path adapter = adapter("text", "model\\.language_model\\..*q_proj", 0.1);
        ModelIdentity adapted = identity(Optional.of(adapter));
        assertEquals(plain.name() + " + " + adapter, adapted.name());
        assertTrue(adapted.weights().startsWith(plain.weights() + "+"), adapted.weights());
        adapter("text", "model\\.language_model\\..*q_proj", 0.2);
        assertFalse(
                adapted.weights().equals(identity(Optional.of(adapter)).weights()), "its weights count, not its name");
    }

    @Test
    void onlyAnAdapterOnTheTowerHasFeaturesOfItsOwn() throws IOException {
        Tensor plain = features(Optional.empty());
        assertEquals(1, cached());
        features(Optional.of(adapter("text", "model\\.language_model\\..*q_proj", 0.1)));
        assertEquals(1, cached());
        Tensor adapted = features(Optional.of(adapter("vision", "model\\.visual\\..*qkv", 0.1)));
        assertEquals(2, cached());
        assertTrue(adapted.sub(plain).abs().max().item_double() > 1e-3);
        features(Optional.of(adapter("vision", "model\\.visual\\..*qkv", 0.2)));
        assertEquals(3, cached());
    }

    private Tensor features(Optional<Path> adapter) {
        try (ModelFolder open = ModelFolder.open(MODEL, adapter, VideoOptions.DEFAULT);
                Model model = open.load(torch.ScalarType.Float);
                FeatureCache cache = new FeatureCache(folder.resolve("features"), model, open.preprocessor())) {
            return cache.get(VideoRef.whole(VIDEO))
                    .features(GridMask.none())
                    .merged()
                    .clone();
        }
    }

    private int cached() {
        return RecordShards.features(folder.resolve("features")).count();
    }

    @Test
    void whatIsNoAdapterOfTheModelIsRefused() {
        refused("adapter_config.json", folder.resolve("nowhere"));
        refused("a module", Path.of("src/test/resources/golden/lora/qwen3/names"), "expected");
    }

    private void refused(String reason, Path adapter, String... or) {
        String message = assertThrows(InputException.class, () -> identity(Optional.of(adapter)))
                .getMessage();
        assertTrue(
                (message.contains(reason) || (or.length > 0 && message.contains(or[0]))) && !message.contains("\n"),
                message);
    }
}
