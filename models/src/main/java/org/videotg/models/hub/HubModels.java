package org.videotg.models.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.run.Progress;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.checkpoint.WeightsReader.Pickles;
import org.videotg.models.hub.HubClient.HubUnavailable;

/**
 * Finds the folders of models that are given by their name on a hub: in the cache, else by downloading them into it.
 */
public final class HubModels {
    private static final Logger LOG = LoggerFactory.getLogger(HubModels.class);

    private static final String ADAPTER = "adapter_model.safetensors";
    private static final String CONFIG = "config.json";
    /** Where a training run keeps its model. */
    private static final String OF_RUN = "model";

    private static final String TOKENIZER = "tokenizer.json";
    /** Attempts for the list of files; few, so that a mistyped name fails fast. */
    private static final int LISTING_ATTEMPTS = 3;

    private final HubSettings settings;
    private final RetryPolicy retries;
    private final Consumer<String> notes;

    /** @param notes receives lines about waits and downloads */
    public HubModels(HubSettings settings, RetryPolicy retries, Consumer<String> notes) {
        this.settings = settings;
        this.retries = retries;
        this.notes = notes;
    }

    /** Returns models of the hub that the environment names. */
    public static HubModels current() {
        return new HubModels(HubSettings.current(), RetryPolicy.DEFAULT, LOG::info);
    }

    /**
     * Returns the folder that a model argument refers to: a folder if there is one of that path, in the working
     * directory or in the installation, else a model of that name on the hub that the environment names. Of a training
     * run it is the trained model. A text that is neither is returned as a path, which cannot be opened.
     *
     * @throws InputException if the hub does not give the model
     */
    public static Path folder(String text) {
        Path path;
        try {
            path = Path.of(locate(text));
        } catch (InvalidPathException e) {
            throw new InputException(
                    "model \"" + text + "\" is neither a path nor a name on a hub; give one of them", e);
        }
        if (Files.exists(path) || !HubName.isValid(text)) {
            Path trained = path.resolve(OF_RUN);
            return Files.exists(trained.resolve(CONFIG)) && !Files.exists(path.resolve(CONFIG)) ? trained : path;
        }
        return current().resolve(HubName.of(text));
    }

    /**
     * Finds a relative folder that is not in the working directory: in the first of these folders that has it, then in
     * the installation, which the system property {@code videotg.home} names.
     *
     * @return the folder as a text, or {@code text} itself if it exists, is no relative path or is found nowhere
     */
    public static String locate(String text, Path... folders) {
        try {
            Path path = Path.of(text);
            if (path.isAbsolute() || Files.exists(path)) {
                return text;
            }
            Path home = Path.of(System.getProperty("videotg.home", "")).toAbsolutePath();
            Optional<Path> elsewhere = Stream.concat(Stream.of(folders), Stream.of(home))
                    .map(folder -> folder.resolve(path).normalize())
                    .filter(found -> Files.exists(found.resolve(CONFIG)))
                    .findFirst();
            elsewhere.ifPresent(
                    found -> LOG.info("note: model {} is not in the working directory; taking {}", text, found));
            return elsewhere.map(Path::toString).orElse(text);
        } catch (InvalidPathException e) {
            return text;
        }
    }

    /**
     * A model whose weights may be missing.
     *
     * @param folder with configuration and tokenizer
     * @param complete whether the weights are there too
     */
    public record Preview(Path folder, boolean complete) {}

    /**
     * Finds configuration and tokenizer of a model. Of a named model that is not in the cache, only the small files
     * are downloaded.
     *
     * @throws InputException if there is neither a folder nor a model of that name
     */
    public Preview preview(String text) {
        if (Files.isDirectory(Path.of(text))) {
            return new Preview(Path.of(text), true);
        }
        if (!HubName.isValid(text)) {
            throw new InputException(
                    "model " + text + " is not a folder, and no name such as Qwen/Qwen3-VL-2B-Instruct; give one");
        }
        HubName name = HubName.of(text);
        CachedRepository cache = CachedRepository.of(settings, name);
        Optional<Path> cached = cache.commit(name).map(cache::snapshot).filter(HubModels::isComplete);
        if (cached.isPresent()) {
            return new Preview(cached.get(), true);
        }
        if (settings.offline()) {
            return new Preview(resolve(name), true);
        }
        HubClient client = new HubClient(settings, retries, notes);
        HubClient.Revision revision = client.revision(name, retries.upTo(LISTING_ATTEMPTS));
        for (String file : sideFiles(revision.files())) {
            fetch(client, name, cache, revision.commit(), file);
        }
        return new Preview(cache.snapshot(revision.commit()), false);
    }

    /**
     * Returns a complete snapshot of a model. A commit that is complete in the cache is not requested again; a branch
     * is, and if the hub can't be reached its last snapshot is used.
     *
     * @throws InputException in one line that says what to do
     */
    public Path resolve(HubName name) {
        CachedRepository cache = CachedRepository.of(settings, name);
        Optional<Path> cached = cache.commit(name).map(cache::snapshot);
        boolean complete = cached.filter(HubModels::isComplete).isPresent();
        if (settings.offline()) {
            return cached.filter(any -> complete)
                    .orElseThrow(() -> new InputException(name + " is "
                            + (cached.isPresent() ? "incomplete" : "not") + " in the cache " + cache.folder()
                            + ", and HF_HUB_OFFLINE is set; unset it to download, or give a folder"));
        }
        if (name.isCommit() && complete) {
            return cached.get();
        }
        try {
            return download(name, cache, retries.upTo(complete ? 1 : LISTING_ATTEMPTS));
        } catch (HubUnavailable e) {
            if (!complete) {
                throw e;
            }
            notes.accept("note: " + e.getMessage() + "; going on with the copy in " + cached.get());
            return cached.get();
        }
    }

    /**
     * Returns one file of a repository, at the place where huggingface_hub keeps it. A file of a commit that is in the
     * cache is not requested again; of a branch, the commit is, and if the hub can't be reached its last snapshot is
     * used.
     *
     * @param file its path in the repository
     * @throws InputException in one line that says what to do
     */
    Path file(HubName name, String file) {
        CachedRepository cache = CachedRepository.of(settings, name);
        Optional<Path> cached = cache.commit(name)
                .map(commit -> cache.snapshot(commit).resolve(file))
                .filter(HubFile::isSound);
        if (settings.offline()) {
            return cached.orElseThrow(() -> new InputException(name + "/" + file + " is not in the cache "
                    + cache.folder() + ", and HF_HUB_OFFLINE is set; unset it to download, or give a file"));
        }
        if (name.isCommit() && cached.isPresent()) {
            return cached.get();
        }
        try {
            HubClient client = new HubClient(settings, retries, notes);
            String commit = client.revision(name, retries.upTo(cached.isPresent() ? 1 : LISTING_ATTEMPTS))
                    .commit();
            fetch(client, name, cache, commit, file);
            cache.writeRef(name, commit);
            return cache.snapshot(commit).resolve(file);
        } catch (HubUnavailable e) {
            if (cached.isEmpty()) {
                throw e;
            }
            notes.accept("note: " + e.getMessage() + "; going on with the copy in " + cached.get());
            return cached.get();
        }
    }

    private Path download(HubName name, CachedRepository cache, RetryPolicy listing) {
        HubClient client = new HubClient(settings, retries, notes);
        HubClient.Revision revision = client.revision(name, listing);
        for (String file : sideFiles(revision.files())) {
            fetch(client, name, cache, revision.commit(), file);
        }
        for (String file : weights(name, revision.files(), cache.snapshot(revision.commit()))) {
            fetch(client, name, cache, revision.commit(), file);
        }
        // Last, so that the revision points to a complete snapshot.
        cache.writeRef(name, revision.commit());
        return cache.snapshot(revision.commit());
    }

    private void fetch(HubClient client, HubName name, CachedRepository cache, String commit, String file) {
        Path placed = cache.snapshot(commit).resolve(file);
        if (HubFile.isSound(placed)) {
            return;
        }
        HubFile described = client.file(name, commit, file);
        Path blob = cache.blob(described.etag());
        cache.locked(described.etag(), () -> {
            try {
                if (Files.exists(placed)) {
                    notes.accept("note: " + placed + " is damaged; it is downloaded again");
                    Files.delete(placed);
                }
                if (!Files.exists(blob) || !described.matches(blob)) {
                    new BlobDownload(
                                    client,
                                    new HubErrors(settings, name),
                                    retries,
                                    commit,
                                    described,
                                    blob,
                                    new Progress(
                                            name + " " + file + " (MiB)",
                                            described.size() >> 20,
                                            described.size() >> 20 > 0 ? LOG::info : null,
                                            System::nanoTime))
                            .run();
                }
            } catch (IOException e) {
                throw cache.unwritable(e);
            }
            cache.place(commit, file, described.etag());
            return null;
        });
    }

    /** Returns configurations, tokenizer, chat template and index of shards. */
    private static List<String> sideFiles(List<String> files) {
        return files.stream()
                .filter(file -> file.endsWith(".json")
                        || file.endsWith(".jinja")
                        || file.equals("merges.txt")
                        || file.equals("tokenizer.model"))
                .filter(file -> !file.contains(".bin."))
                .sorted()
                .toList();
    }

    private static List<String> weights(HubName name, List<String> files, Path snapshot) {
        List<String> weights =
                new ArrayList<>(files.stream().filter(ADAPTER::equals).toList());
        if (files.contains(WeightsReader.SINGLE)) {
            weights.add(WeightsReader.SINGLE);
        } else if (files.contains(WeightsReader.INDEX)) {
            for (JsonNode shard :
                    Json.read(snapshot.resolve(WeightsReader.INDEX)).path("weight_map")) {
                if (!weights.contains(shard.asText())) {
                    weights.add(shard.asText());
                }
            }
        }
        Optional<String> missing =
                weights.stream().filter(file -> !files.contains(file)).findFirst();
        if (missing.isPresent()) {
            throw new InputException(
                    name + " lacks the weights " + missing.get() + " that its index names; try another revision");
        }
        if (weights.isEmpty()) {
            throw new InputException(name + " holds no safetensors weights"
                    + files.stream()
                            .filter(Pickles::is)
                            .findFirst()
                            .map(file -> "; " + Pickles.refusal(file))
                            .orElse("; give a model in Hugging Face layout"));
        }
        return weights;
    }

    /**
     * Returns whether all files are there that opening the model needs; huggingface_hub may have downloaded only some.
     */
    private static boolean isComplete(Path snapshot) {
        if (HubFile.isSound(snapshot.resolve(ADAPTER))) {
            return true;
        }
        try {
            return Stream.of(CONFIG, TOKENIZER).allMatch(file -> HubFile.isSound(snapshot.resolve(file)))
                    && WeightsReader.list(snapshot).stream().allMatch(HubFile::isSound);
        } catch (InputException e) {
            return false;
        }
    }
}
