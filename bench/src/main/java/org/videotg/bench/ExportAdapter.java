package org.videotg.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.lora.LoraConfig;
import org.videotg.models.lora.ModuleSelection;
import org.videotg.models.tensor.Device;

/**
 * Writes a random adapter and a model's logits with it, for comparison with PEFT by
 * {@code bench/reference/check_logits.py --adapter}: {@code ExportAdapter MODEL OUT RANK TARGET...}. The model is
 * copied to {@code OUT/model}, the adapter written to {@code OUT/adapter}, inputs and logits to {@code OUT/case.*}. A
 * single target that contains other characters than letters, digits and {@code _} is a regular expression.
 */
public final class ExportAdapter {
    private ExportAdapter() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("ExportAdapter MODEL OUT RANK TARGET...", arguments, ExportAdapter::run);
    }

    private static void run(String[] arguments) {
        Path out = Path.of(arguments[1]);
        int rank = Integer.parseInt(arguments[2]);
        List<String> names = List.of(arguments).subList(3, arguments.length);
        ModuleSelection targets = names.size() == 1 && !names.get(0).matches("\\w+")
                ? new ModuleSelection.Expression(names.get(0))
                : new ModuleSelection.Names(names);
        LoraConfig config = new LoraConfig(
                rank,
                2.0 * rank,
                true,
                targets,
                Optional.empty(),
                out.resolve("model").toString());
        try (ModelFolder folder = ModelFolder.open(Path.of(arguments[0]));
                Model plain = folder.load(torch.ScalarType.Float)) {
            ModelParameters base = plain.parameters();
            folder.save(out.resolve("model"), base, WeightsWriter.DEFAULT);
            try (LoraAdapter adapter = LoraAdapter.random(config, base, 1)) {
                fill(adapter);
                adapter.save(out.resolve("adapter"));
            }
            try (LoraAdapter adapter = LoraAdapter.load(out.resolve("adapter"), Device.CPU);
                    Model adapted = new Model(folder.config(), adapter.applyTo(base))) {
                ExportLogits.answer(folder, adapted, out);
                System.out.println(adapter.factors().size() / 2 + " modules; " + out.resolve("case.json"));
            }
        }
    }

    /** Fills the factors with random values, since a new adapter has no effect. */
    private static void fill(LoraAdapter adapter) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            torch.manual_seed(11);
            adapter.factors()
                    .values()
                    .forEach(factor -> factor.copy_(torch.randn(factor.size(0), factor.size(1))
                            .mul(new Scalar(1 / Math.sqrt((double) factor.size(1))))));
        }
    }
}
