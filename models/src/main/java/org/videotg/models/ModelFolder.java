package org.videotg.models;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.models.checkpoint.CompanionFiles;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.ParameterPrefixes;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.config.JsonFields;
import org.videotg.models.config.VideoOptions;
import org.videotg.models.lora.LoraAdapter;
import org.videotg.models.preprocess.PreprocessorConfig;
import org.videotg.models.preprocess.VideoPreprocessor;
import org.videotg.models.sequence.ChatTemplate;
import org.videotg.models.sequence.Tokenizer;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Placement;

/** An opened checkpoint in Hugging Face layout, with or without an adapter. Everything except the weights is read. */
public final class ModelFolder implements AutoCloseable {
    private final OpenSettings settings;
    private final VideoPreprocessor preprocessor;
    private final Tokenizer tokenizer;
    private final ChatTemplate chat;
    private final Set<Integer> endTokens;

    /**
     * What is read of a checkpoint before its weights.
     *
     * @param adapter folder of a LoRA adapter in PEFT's format, with which the model answers
     * @param options how videos are read
     * @param preprocessor as the checkpoint's file and the options say
     */
    public record OpenSettings(
            Path path,
            Optional<Path> adapter,
            VideoOptions options,
            ModelConfig config,
            PreprocessorConfig preprocessor) {
        /** @throws InputException if the folder or a configuration file is missing or wrong */
        public static OpenSettings read(Path path, Optional<Path> adapter, VideoOptions options) {
            if (!Files.isDirectory(path)) {
                throw new InputException(path + " is not a folder; give a checkpoint in Hugging Face layout");
            }
            ModelConfig config = ModelConfig.read(path.resolve("config.json"));
            return new OpenSettings(
                    path, adapter, options, config, config.family().preprocessor(config, videoFields(path), options));
        }

        /** Returns the fields of the video processor, of the file that transformers 5 would take. */
        private static JsonFields videoFields(Path path) {
            Path nested = path.resolve("processor_config.json");
            if (Files.exists(nested)) {
                JsonFields processor = new JsonFields(nested, Json.read(nested));
                if (processor.has("video_processor")) {
                    return processor.section("video_processor");
                }
            }
            Path file = path.resolve("video_preprocessor_config.json");
            if (!Files.exists(file)) {
                file = path.resolve("preprocessor_config.json");
            }
            return new JsonFields(file, Files.exists(file) ? Json.read(file) : Json.MAPPER.createObjectNode());
        }
    }

    private ModelFolder(OpenSettings settings, Set<Integer> endTokens) {
        this.settings = settings;
        this.endTokens = endTokens;
        this.preprocessor = new VideoPreprocessor(settings.preprocessor());
        Path tokenizerFile = settings.path().resolve("tokenizer.json");
        this.tokenizer = Tokenizer.load(tokenizerFile);
        int vocabulary = settings.config().text().vocabSize();
        if (tokenizer.largestId() >= vocabulary) {
            tokenizer.close();
            throw new InputException(tokenizerFile + " has the id " + tokenizer.largestId()
                    + ", but config.json says vocab_size " + vocabulary + "; they belong to different models");
        }
        try {
            this.chat = settings.config().family().template(settings.config(), tokenizer, settings.options());
            if (settings.options().chatTemplate() == VideoOptions.TemplateCheck.CHECK) {
                chat.check(settings.path());
            }
        } catch (InputException e) {
            tokenizer.close();
            throw e;
        }
    }

    /** Opens a checkpoint with videos read as the family's authors do. */
    public static ModelFolder open(Path path) {
        return open(path, Optional.empty(), VideoOptions.DEFAULT);
    }

    /** Opens a checkpoint with an adapter or without. */
    public static ModelFolder open(Path path, Optional<Path> adapter, VideoOptions options) {
        return open(OpenSettings.read(path, adapter, options));
    }

    /**
     * Opens a checkpoint. One with {@link Checksums}, such as training leaves, is checked against them.
     *
     * @throws InputException if one of its files is missing or wrong
     */
    public static ModelFolder open(OpenSettings settings) {
        Set<Integer> endTokens = endTokens(settings.path());
        Checksums.check(settings.path());
        checkShapes(settings);
        settings.adapter().ifPresent(LoraAdapter::check);
        return new ModelFolder(settings, endTokens);
    }

    /** Compares the sizes in config.json with those of the tensors, before anything of these sizes is allocated. */
    private static void checkShapes(OpenSettings settings) {
        try (PointerScope scope = new PointerScope();
                ModelParameters shapes = WeightsReader.shapes(settings.path())) {
            new Model(settings.config(), shapes);
        }
    }

    /** Opens a folder that may lack weights and {@code generation_config.json}: enough to make prompts. */
    public static ModelFolder withoutWeights(OpenSettings settings) {
        return new ModelFolder(settings, Set.of());
    }

    private static Set<Integer> endTokens(Path path) {
        Path file = path.resolve("generation_config.json");
        JsonNode node = (Files.exists(file) ? Json.read(file) : textConfig(path)).path("eos_token_id");
        Set<Integer> ids = new TreeSet<>();
        for (JsonNode id : node.isArray() ? node : List.of(node)) {
            if (!id.isInt() && !id.isMissingNode() && !id.isNull()) {
                throw new InputException(file + ": \"eos_token_id\" must be an id or a list of ids, not " + node);
            }
            if (id.isInt()) {
                ids.add(id.intValue());
            }
        }
        if (ids.isEmpty()) {
            throw new InputException(file + ": \"eos_token_id\" is missing; without it no reply ends");
        }
        return ids;
    }

    /** Returns where transformers looks for end tokens if {@code generation_config.json} is missing. */
    private static JsonNode textConfig(Path path) {
        Path file = path.resolve("config.json");
        return new JsonFields(file, Json.read(file))
                .sectionOrSelf("text_config")
                .node();
    }

    /** Returns the checkpoint's folder. */
    public Path path() {
        return settings.path();
    }

    /** Returns the folder of the adapter. */
    public Optional<Path> adapter() {
        return settings.adapter();
    }

    /** Returns the folder, and the adapter's after a plus sign. */
    public String name() {
        return path() + adapter().map(folder -> " + " + folder).orElse("");
    }

    public ModelConfig config() {
        return settings.config();
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

    /** Returns the ids that end a reply. */
    public Set<Integer> endTokens() {
        return endTokens;
    }

    /**
     * Loads the weights onto the CPU, and the adapter beside them in float32 as PEFT does.
     *
     * @throws InputException if the adapter is of another model
     */
    public Model load(torch.ScalarType type) {
        return withWeights(WeightsReader.load(path(), type), Device.CPU);
    }

    /** Loads the weights onto a device, in the type that is computed in, and the adapter beside them. */
    public Model load(Placement placement) {
        return withWeights(WeightsReader.load(path(), placement), placement.device());
    }

    /**
     * Returns a model of these weights and this folder's adapter.
     *
     * @param read handed over: closed with the model
     */
    public Model withWeights(ModelParameters read, Device device) {
        ModelParameters weights = withoutTiedHead(read);
        if (adapter().isEmpty()) {
            return new Model(config(), weights);
        }
        ModelParameters adapted;
        try (LoraAdapter loaded = LoraAdapter.load(adapter().get(), device)) {
            adapted = loaded.applyTo(weights);
        } finally {
            // What is adapted holds references of its own.
            weights.close();
        }
        return new Model(config(), adapted);
    }

    /** Leaves out a head that equals the embedding it is tied to: training would change only one of them. */
    private ModelParameters withoutTiedHead(ModelParameters read) {
        Tensor head = read.all().get(Model.HEAD);
        Tensor embedding =
                read.all().get(ParameterPrefixes.of(read.all().keySet()).text() + ".embed_tokens.weight");
        if (!config().tieWordEmbeddings() || head == null || embedding == null || !head.equal(embedding)) {
            return read;
        }
        Map<String, Tensor> kept = new LinkedHashMap<>(read.all());
        kept.remove(Model.HEAD);
        try (read) {
            return read.replaced(path().toString(), kept);
        }
    }

    /** Returns how videos are read, in one line, for manifests. */
    public String describeVideos() {
        return (settings.preprocessor().describe() + " " + settings.options().describePrompt()).strip();
    }

    /** Returns the {@linkplain Sha256#fingerprint fingerprint} of the weights, "+" and that of the adapter. */
    public String fingerprint() {
        return Sha256.fingerprint(WeightsReader.list(path()))
                + adapter()
                        .map(folder -> "+" + Sha256.fingerprint(LoraAdapter.files(folder)))
                        .orElse("");
    }

    /** Writes a checkpoint of the same kind: these parameters, and this folder's other files. */
    public void save(Path target, ModelParameters parameters) {
        save(target, parameters, WeightsWriter.DEFAULT);
    }

    /** Writes a checkpoint of the same kind with the type and the shard size of the weight files. */
    public void save(Path target, ModelParameters parameters, WeightsWriter writer) {
        CompanionFiles.copy(
                path(),
                target,
                writer.typeOf(parameters.all().values().iterator().next()));
        writer.save(target, parameters);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
