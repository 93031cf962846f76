package org.videotg.training.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.RunManifest;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.tensor.Device;

/** Runs that train an adapter and leave the model alone. */
class AdapterRunTest extends WithTrainedModel {
    @Test
    void anAdapterIsTrainedAloneAndResumesBitForBit() throws Exception {
        String lora = "lora={rank: 4, alpha: 8, rslora: true}";
        String[] settings = {
            lora, "grpo.loss={name: grpo, beta: 0.05}", "optimizer.learningRate=0.005", "compute={workers: 2}"
        };
        Path whole = folder.resolve("lora");
        assertTrue(train(new TrainingPlan(recipe(settings), whole, List.of()), () -> false, false));
        List<JsonNode> rows = metrics(whole);
        assertEquals(0, rows.get(0).path("kl").doubleValue(), 1e-9, "the policy without its adapter is the reference");
        assertTrue(rows.get(rows.size() - 1).path("kl").doubleValue() > 0);
        Path parted = folder.resolve("lora-parted");
        boolean done = train(new TrainingPlan(recipe(settings), parted, List.of()), () -> true, false);
        for (int i = 0; !done && i < 10; i++) {
            done = train(new TrainingPlan(recipe(settings), parted, List.of()), () -> true, true);
        }
        assertTrue(done);
        for (String file : List.of(
                "adapter/adapter_model.safetensors", "adapter/adapter_config.json", "model/model.safetensors")) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(file)), Files.readAllBytes(parted.resolve(file)), file);
        }
        Path checkpoint = new RunFolder(whole).checkpoints().latest().orElseThrow();
        assertFalse(Files.exists(checkpoint.resolve("model.safetensors")), "a checkpoint holds the adapter only");
        // The base with the adapter is the trained model; only what the adapter is for has changed.
        try (ModelParameters base = WeightsReader.load(sftRun.resolve("model"), torch.ScalarType.Float);
                ModelParameters trained = WeightsReader.load(whole.resolve("model"), torch.ScalarType.Float);
                LoraAdapter adapter = LoraAdapter.load(whole.resolve("adapter"), Device.CPU);
                PointerScope scope = new PointerScope()) {
            trained.all()
                    .forEach((name, tensor) -> assertEquals(
                            !name.matches("model\\.language_model\\..*_proj\\.weight"),
                            torch.equal(tensor, base.all().get(name)),
                            name));
            adapter.merge(base);
            trained.all()
                    .forEach((name, tensor) ->
                            assertTrue(torch.equal(tensor, base.all().get(name)), name));
        }
        String frozen = assertThrows(
                        InputException.class,
                        () -> train(
                                new TrainingPlan(
                                        recipe("lora={targets: all-linear}"), folder.resolve("lora-frozen"), List.of()),
                                () -> false,
                                false))
                .getMessage();
        assertTrue(frozen.contains("compute.trainVision"), frozen);
        assertTrue(train(
                new TrainingPlan(
                        recipe("lora={targets: all-linear, rank: 2}", "compute={trainVision: true}", "steps=2"),
                        folder.resolve("lora-vision"),
                        List.of()),
                () -> false,
                false));
    }

    @Test
    void anAdapterGoesOnFromWhereItWas() throws Exception {
        Path first = folder.resolve("first");
        assertTrue(train(
                new TrainingPlan(
                        recipe("lora={rank: 3, alpha: 5}", "steps=2", "optimizer.learningRate=0.005"),
                        first,
                        List.of()),
                () -> false,
                false));
        Path adapter = first.resolve("adapter");
        String[] settings = {
            "adapter=" + adapter, "grpo.loss={name: grpo, beta: 0.05}", "optimizer.learningRate=0.005", "steps=3"
        };
        Path second = folder.resolve("second");
        assertTrue(train(new TrainingPlan(recipe(settings), second, List.of()), () -> false, false));
        List<JsonNode> rows = metrics(second);
        assertEquals(
                0,
                rows.get(0).path("kl").doubleValue(),
                1e-9,
                "the reference is what the run began with, adapter included");
        assertTrue(rows.get(2).path("kl").doubleValue() > 0);
        JsonNode identity = Json.read(second.resolve(RunManifest.FILE)).path("model");
        assertTrue(
                identity.path("name").asText().endsWith(" + " + adapter)
                        && identity.path("weights").asText().contains("+"),
                identity.toString());
        try (LoraAdapter before = LoraAdapter.load(adapter, Device.CPU);
                LoraAdapter after = LoraAdapter.load(second.resolve("adapter"), Device.CPU);
                ModelParameters base = WeightsReader.load(sftRun.resolve("model"), torch.ScalarType.Float);
                ModelParameters merged = WeightsReader.load(second.resolve("model"), torch.ScalarType.Float);
                PointerScope scope = new PointerScope()) {
            assertEquals(before.config(), after.config());
            assertEquals(before.factors().keySet(), after.factors().keySet());
            assertTrue(
                    before.factors().keySet().stream()
                            .noneMatch(name -> torch.equal(
                                    before.factors().get(name), after.factors().get(name))),
                    "every factor is trained further");
            after.merge(base);
            merged.all()
                    .forEach((name, tensor) ->
                            assertTrue(torch.equal(tensor, base.all().get(name)), name));
        }
        String both = assertThrows(InputException.class, () -> recipe("adapter=" + adapter, "lora={rank: 2}"))
                .getMessage();
        assertTrue(both.contains("give one of them"), both);
        String none = assertThrows(
                        InputException.class,
                        () -> train(
                                new TrainingPlan(
                                        recipe("adapter=" + folder.resolve("nowhere")),
                                        folder.resolve("third"),
                                        List.of()),
                                () -> false,
                                false))
                .getMessage();
        assertTrue(none.contains("adapter_config.json"), none);
        assertFalse(Files.exists(folder.resolve("third").resolve(RunManifest.FILE)));
    }
}
