package org.videotg.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.models.checkpoint.Parameters;
import org.videotg.models.checkpoint.SideFiles;
import org.videotg.models.checkpoint.WeightFiles;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.config.PreprocessorConfig;
import org.videotg.models.config.QwenVlConfig;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Placement;

/** A checkpoint in Hugging Face layout, perhaps with an adapter on it, opened: everything but the weights is read and checked. */
public final class ModelFolder implements AutoCloseable {
    private final Path path;
    private final Optional<Path> adapter;
    private final QwenVlConfig config;
    private final VideoPreprocessor preprocessor;
    private final Tokenizer tokenizer;
    private final ChatTemplate chat;
    private final Set<Integer> endTokens;
    private final VideoOptions options;

    private ModelFolder(
            Path path,
            Optional<Path> adapter,
            QwenVlConfig config,
            VideoPreprocessor preprocessor,
            Tokenizer tokenizer,
            Set<Integer> endTokens,
            VideoOptions options) {
        this.path = path;
        this.adapter = adapter;
        this.options = options;
        this.config = config;
        this.preprocessor = preprocessor;
        this.tokenizer = tokenizer;
        this.chat = new ChatTemplate(config, tokenizer, options);
        this.endTokens = endTokens;
    }

    /** With videos read as the family's authors do. */
    public static ModelFolder open(Path path) {
        return open(path, VideoOptions.NONE);
    }

    /** Without an adapter. */
    public static ModelFolder open(Path path, VideoOptions options) {
        return open(path, Optional.empty(), options);
    }

    /**
     * Opens a checkpoint.
     *
     * @param adapter folder of a LoRA adapter in PEFT's format, with which the model answers
     * @throws InputException if a folder or one of its files is missing or wrong
     */
    public static ModelFolder open(Path path, Optional<Path> adapter, VideoOptions options) {
        if (!Files.isDirectory(path)) {
            throw new InputException(path + " is not a folder; give a checkpoint in Hugging Face layout");
        }
        QwenVlConfig config = QwenVlConfig.read(path.resolve("config.json"));
        VideoPreprocessor preprocessor = new VideoPreprocessor(PreprocessorConfig.read(path, config, options));
        Set<Integer> endTokens = endTokens(path);
        WeightFiles.list(path);
        adapter.ifPresent(LoraAdapter::check);
        return new ModelFolder(
                path,
                adapter,
                config,
                preprocessor,
                Tokenizer.load(path.resolve("tokenizer.json")),
                endTokens,
                options);
    }

    private static Set<Integer> endTokens(Path path) {
        Path file = path.resolve("generation_config.json");
        JsonNode node = Json.read(file).path("eos_token_id");
        Set<Integer> ids = new TreeSet<>();
        if (node.isArray()) {
            node.forEach(id -> ids.add(id.asInt()));
        } else if (node.isInt()) {
            ids.add(node.asInt());
        }
        if (ids.isEmpty()) {
            throw new InputException(file + ": \"eos_token_id\" is missing; without it no reply ends");
        }
        return ids;
    }

    public Path path() {
        return path;
    }

    /** Folder of the adapter. */
    public Optional<Path> adapter() {
        return adapter;
    }

    /** The folder, and the adapter's after a plus sign. */
    public String name() {
        return path + adapter.map(folder -> " + " + folder).orElse("");
    }

    public QwenVlConfig config() {
        return config;
    }

    public VideoPreprocessor preprocessor() {
        return preprocessor;
    }

    public Tokenizer tokenizer() {
        return tokenizer;
    }

    public ChatTemplate chat() {
        return chat;
    }

    public Set<Integer> endTokens() {
        return endTokens;
    }

    /**
     * Loads the weights onto the CPU, and the adapter beside them in float32 as PEFT does.
     *
     * @throws InputException if the adapter is of another model
     */
    public Model load(torch.ScalarType type) {
        return over(WeightFiles.load(path, type), Device.CPU);
    }

    /** The same, placed as said. */
    public Model load(Placement placement) {
        return over(WeightFiles.load(path, placement), placement.device());
    }

    /**
     * A model of these weights and this folder's adapter.
     *
     * @param weights handed over: closed with the model
     */
    public Model over(Parameters weights, Device device) {
        if (adapter.isEmpty()) {
            return new Model(config, weights);
        }
        Parameters adapted;
        try (LoraAdapter loaded = LoraAdapter.load(adapter.get(), device, torch.ScalarType.Float)) {
            adapted = loaded.onto(weights);
        } finally {
            // What is adapted holds references of its own.
            weights.close();
        }
        return new Model(config, adapted);
    }

    /** How videos are read, in one line, for manifests. */
    public String reading() {
        return (preprocessor.config().describe() + " " + options.describePrompt()).strip();
    }

    /** What identifies the weights, and after a plus sign the adapter: see {@link Sha256#fingerprint}. */
    public String fingerprint() {
        return Sha256.fingerprint(WeightFiles.list(path))
                + adapter.map(folder -> "+" + Sha256.fingerprint(LoraAdapter.files(folder)))
                        .orElse("");
    }

    /** Writes a checkpoint of the same kind: these parameters, and this folder's other files. */
    public void save(Path target, Parameters parameters) {
        save(target, parameters, WeightsWriter.DEFAULT);
    }

    /** The same with the type and the shard size of the weight files. */
    public void save(Path target, Parameters parameters, WeightsWriter writer) {
        SideFiles.copy(
                path, target, writer.typeOf(parameters.all().values().iterator().next()));
        writer.save(target, parameters);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
