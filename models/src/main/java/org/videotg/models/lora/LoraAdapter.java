package org.videotg.models.lora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Draw;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.ParameterPrefixes;
import org.videotg.models.checkpoint.WeightsReader.Pickles;
import org.videotg.models.safetensors.SafetensorsFile;
import org.videotg.models.safetensors.SafetensorsWriter;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

/**
 * A LoRA adapter (arXiv 2106.09685): for each adapted linear layer a matrix A [rank, in] and a matrix B [out, rank].
 * Tensors have the names under which PEFT saves them, {@code base_model.model.MODULE.lora_A.weight}, where modules are
 * named as in transformers 5. Owns its tensors until {@link #close}.
 */
public final class LoraAdapter implements AutoCloseable {
    public static final String WEIGHTS = "adapter_model.safetensors";

    private static final String PREFIX = "base_model.model.";
    private static final String DOWN = ".lora_A.weight";
    private static final String UP = ".lora_B.weight";
    private static final String PICKLE = "adapter_model.bin";

    private final String source;
    private final LoraConfig config;
    private final ModelParameters factors;

    private LoraAdapter(String source, LoraConfig config, Map<String, Tensor> factors) {
        this.source = source;
        this.config = config;
        this.factors = new ModelParameters(source, factors);
    }

    public LoraConfig config() {
        return config;
    }

    /** Returns the factors by PEFT's names. */
    public Map<String, Tensor> factors() {
        return factors.all();
    }

    /** Returns the configuration and the weights of an adapter. */
    public static List<Path> files(Path folder) {
        return List.of(folder.resolve(LoraConfig.FILE), folder.resolve(WEIGHTS));
    }

    /**
     * Checks a folder without reading its tensors, and returns its configuration.
     *
     * @throws InputException if it holds no adapter, or one of a kind that is not supported
     */
    public static LoraConfig check(Path folder) {
        if (!Files.isRegularFile(folder.resolve(LoraConfig.FILE))) {
            throw new InputException("adapter " + folder + " is not a folder with " + LoraConfig.FILE + " and "
                    + WEIGHTS + "; give one that a run left as OUT/adapter, or that PEFT has saved");
        }
        Checksums.check(folder);
        LoraConfig config = LoraConfig.read(folder.resolve(LoraConfig.FILE));
        if (!Files.isRegularFile(folder.resolve(WEIGHTS))) {
            throw new InputException(
                    Files.exists(folder.resolve(PICKLE))
                            ? folder + ": " + Pickles.refusal(PICKLE)
                            : "adapter " + folder + " has no " + WEIGHTS + "; copy the whole folder");
        }
        return config;
    }

    /**
     * Reads a folder that PEFT or {@link #save} has written, into float32 as PEFT does, whatever the model's type.
     *
     * @throws InputException if a file is missing or damaged, or has tensors for modules that the configuration does
     *     not name
     */
    public static LoraAdapter load(Path folder, Device device) {
        NativeRuntime.load();
        LoraConfig config = check(folder);
        Path file = folder.resolve(WEIGHTS);
        Map<String, Tensor> factors = new TreeMap<>();
        try (SafetensorsFile open = SafetensorsFile.open(file);
                PointerScope scope = new PointerScope()) {
            for (String name : open.names()) {
                if (!name.startsWith(PREFIX)
                        || (!name.endsWith(DOWN) && !name.endsWith(UP))
                        || name.length() <= PREFIX.length() + DOWN.length()) {
                    throw new InputException(file + ": tensor \"" + name
                            + "\" is not a LoRA factor of a linear layer; only these are"
                            + " supported");
                }
                String module = name.substring(PREFIX.length(), name.length() - DOWN.length());
                if (!config.isTarget(module) && !config.isTarget(ParameterPrefixes.canonical(module))) {
                    throw new InputException(file + ": tensor \"" + name
                            + "\" is for a module that \"target_modules\" of " + LoraConfig.FILE + " does not name");
                }
                factors.put(
                        PREFIX + ParameterPrefixes.canonical(module) + name.substring(name.length() - DOWN.length()),
                        open.tensor(name, device, torch.ScalarType.Float));
            }
            if (factors.isEmpty()) {
                throw new InputException(file + " holds no tensors; train the adapter again");
            }
            return new LoraAdapter(folder.toString(), config, factors);
        }
    }

    /**
     * Returns a new adapter without effect: A uniform in +-1 / sqrt(in) as in PEFT, B zero, both float32 on the base's
     * device.
     *
     * @throws InputException if the targets match no linear layer, or match something else
     */
    public static LoraAdapter random(LoraConfig config, ModelParameters base, long seed) {
        try (PointerScope scope = new PointerScope()) {
            Map<String, Tensor> factors = new TreeMap<>();
            targets(config, base).forEach((module, weight) -> {
                Device device = Device.of(weight);
                factors.put(
                        PREFIX + module + DOWN, Tensors.to(device, drawn(seed, module, config.rank(), weight.size(1))));
                factors.put(PREFIX + module + UP, Tensors.to(device, Tensors.zeros(weight.size(0), config.rank())));
            });
            return new LoraAdapter("new adapter", config, factors);
        }
    }

    /** Returns the number of parameters of an adapter with these settings. */
    public static long parameters(LoraConfig config, ModelParameters base) {
        return targets(config, base).values().stream()
                .mapToLong(weight -> config.rank() * (weight.size(0) + weight.size(1)))
                .sum();
    }

    /** Returns the weights that the settings select, by module. */
    private static Map<String, Tensor> targets(LoraConfig config, ModelParameters base) {
        Map<String, Tensor> targets = new TreeMap<>();
        base.all().forEach((name, weight) -> {
            String module = module(name);
            if (module == null || !config.isTarget(module)) {
                return;
            }
            if (isLinear(module, weight)) {
                targets.put(module, weight);
            } else if (!config.targets().equals(new ModuleSelection.Expression(ModuleSelection.ALL_LINEAR))) {
                throw new InputException("the adapter's targets match " + module
                        + ", which is no linear layer; name the layers more precisely, or exclude it");
            }
        });
        if (targets.isEmpty()) {
            throw new InputException("the adapter's targets " + config.targets().toJson()
                    + " match no linear layer; name layers such as q_proj, v_proj, or " + ModuleSelection.ALL_LINEAR);
        }
        return targets;
    }

    private static Tensor drawn(long seed, String module, int rank, long in) {
        Random random = Draw.generator(seed, "lora", Draw.key(module));
        double bound = 1 / Math.sqrt((double) in);
        float[] values = new float[Math.toIntExact(rank * in)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return Tensors.floats(values, rank, in);
    }

    private static boolean isLinear(String module, Tensor weight) {
        return weight.dim() == 2 && !module.endsWith("embed_tokens") && !module.endsWith("pos_embed");
    }

    /** Returns the module of a published parameter; null if it is not a weight. */
    private static String module(String parameter) {
        return parameter.endsWith(".weight")
                ? ParameterPrefixes.canonical(parameter.substring(0, parameter.length() - ".weight".length()))
                : null;
    }

    /**
     * Returns the base's parameters with this adapter's updates. They share all tensors with {@code base}, which stays
     * without the adapter and can serve as the reference policy.
     *
     * @throws InputException if the adapter does not fit
     */
    public ModelParameters applyTo(ModelParameters base) {
        Map<String, ModelParameters.Update> updates = new LinkedHashMap<>();
        targets(base)
                .forEach((name, module) -> updates.put(
                        name,
                        new ModelParameters.Update(PREFIX + module + DOWN, PREFIX + module + UP, config.scale())));
        return base.adapted(factors.all(), updates);
    }

    /** Adds the update to the weights, in place. */
    public void merge(ModelParameters base) {
        targets(base).forEach((name, module) -> {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard noGrad = new NoGradGuard();
                    Scalar factor = new Scalar(config.scale())) {
                Tensor down = factors.all().get(PREFIX + module + DOWN).to(torch.ScalarType.Float);
                Tensor up = factors.all().get(PREFIX + module + UP).to(torch.ScalarType.Float);
                base.all()
                        .get(name)
                        .add_(Tensors.to(
                                Device.of(base.all().get(name)), up.matmul(down).mul(factor)));
            }
        });
    }

    /** Returns the modules of this adapter by the names of the base's weights, after checking names and shapes. */
    private Map<String, String> targets(ModelParameters base) {
        Map<String, String> names = new TreeMap<>();
        base.all().keySet().stream()
                .filter(name -> module(name) != null)
                .forEach(name -> names.put(module(name), name));
        Map<String, String> targets = new LinkedHashMap<>();
        for (String factor : factors.all().keySet()) {
            String module = factor.substring(PREFIX.length(), factor.length() - DOWN.length());
            String name = Optional.ofNullable(names.get(module))
                    .orElseThrow(() -> new InputException(source + " is for a module "
                            + module + " that the model does not have; give the model it was trained on"
                            + (config.baseModel().isEmpty() ? "" : ", " + config.baseModel())));
            Tensor weight = base.all().get(name);
            if (!isLinear(module, weight)) {
                throw new InputException(
                        source + ": module " + module + " is no linear layer; only these are supported");
            }
            check(module, DOWN, config.rank(), weight.size(1));
            check(module, UP, weight.size(0), config.rank());
            targets.put(name, module);
        }
        return targets;
    }

    private void check(String module, String which, long... shape) {
        Tensor factor = factors.all().get(PREFIX + module + which);
        if (factor == null || !Arrays.equals(Tensors.shape(factor), shape)) {
            throw new InputException(source + ": tensor \"" + PREFIX + module + which + "\" "
                    + (factor == null ? "is missing" : "has shape " + Arrays.toString(Tensors.shape(factor)))
                    + ", expected "
                    + Arrays.toString(shape) + "; give the model it was trained on");
        }
    }

    /** Writes both files in PEFT's format. */
    public void save(Path folder) {
        SafetensorsWriter.write(folder.resolve(WEIGHTS), factors.all(), Map.of("format", "pt"));
        AtomicFiles.writeString(folder.resolve(LoraConfig.FILE), Json.pretty(config.toJson()));
    }

    @Override
    public void close() {
        factors.close();
    }
}
