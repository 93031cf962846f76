package org.videotg.app.command;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.videotg.app.doctor.Installation;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.mllm.Backend;
import org.videotg.core.run.Stop;
import org.videotg.serving.Serving;
import org.videotg.serving.ServingSettings;
import org.videotg.web.WebSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Serves a model over HTTP until it is stopped. */
@Command(
        name = "serve",
        description = {
            "Answer over HTTP, for programs in the form of OpenAI's API, and for people on a page (docs/servers.md).",
            "Only this machine may ask, unless --host says otherwise; then a key is needed: --key-file, or the",
            "environment variable VIDEOTG_API_KEY."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg serve --model Qwen/Qwen3-VL-2B-Instruct --root clips",
            "  ./videotg serve --host 0.0.0.0 --key-file key.txt"
        })
final class ServeCommand implements Callable<Integer> {
    private static final String KEY = "VIDEOTG_API_KEY";
    private static final int MEGA = 20;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "where to listen; 0 for a free port; default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "address to listen on; any but this machine's own needs a key; default: ${DEFAULT-VALUE}")
    private String host;

    @Option(names = "--key-file", paramLabel = "FILE", description = "file with the key that clients must present")
    private Path keyFile;

    @Option(
            names = "--public-name",
            paramLabel = "NAME",
            split = ",",
            description = "name under which clients reach the server, such as that of a reverse proxy")
    private Set<String> publicNames = Set.of();

    @Option(names = "--root", paramLabel = "DIR", description = "folder of video files that requests may name")
    private Path root;

    @Option(
            names = "--allow-host",
            paramLabel = "HOST[:PORT]",
            split = ",",
            description = "host from which videos are fetched when requests name them; default: none")
    private Set<String> allowedHosts = Set.of();

    @Option(
            names = "--allow-private",
            description = "fetch from allowed hosts although their address is in a private network")
    private boolean allowPrivate;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "name of the model for clients; default: the last part of --model")
    private String name;

    @Option(
            names = "--max-tokens",
            paramLabel = "N",
            defaultValue = "4096",
            description = "most tokens of all replies to a request together; default: ${DEFAULT-VALUE}")
    private int maxTokens;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "8",
            description = "requests that the model answers at a time, in one batch; default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(
            names = "--max-waiting",
            paramLabel = "N",
            defaultValue = "32",
            description = "requests at work or waiting; further ones are put off with 503; default: ${DEFAULT-VALUE}")
    private int maxWaiting;

    @Option(
            names = "--timeout",
            paramLabel = "S",
            defaultValue = "600",
            description = "seconds that a request may take; default: ${DEFAULT-VALUE}")
    private int timeout;

    @Option(
            names = "--max-upload",
            paramLabel = "MB",
            defaultValue = "1024",
            description = "size of an uploaded or fetched video; default: ${DEFAULT-VALUE}")
    private int maxUpload;

    @Option(
            names = "--max-stored",
            paramLabel = "MB",
            defaultValue = "10240",
            description = "size of all uploaded videos, and of their features; those used longest ago go; "
                    + "default: ${DEFAULT-VALUE}")
    private int maxStored;

    @Override
    public Integer call() {
        WebSettings web = web();
        Path folder = AtomicFiles.temporaryFolder(Installation.current().cache(), "serve");
        try (Stop.Registration tidy = Stop.onStop(() -> AtomicFiles.deleteTree(folder))) {
            Stop.advise("");
            // Features of uploads are of no use to a later server.
            Optional<Path> features = model.hasFeatures() ? Optional.empty() : Optional.of(folder.resolve("features"));
            Backend.Handle handle = features.map(model::find).orElseGet(model::find);
            ServingSettings settings = new ServingSettings(
                    web,
                    name == null ? lastPart(handle.name()) : name,
                    model.prompt(handle),
                    new ServingSettings.ModelLimits(
                            Checks.atLeast(1, "--max-tokens", maxTokens), Checks.atLeast(1, "--batch", batch)),
                    new ServingSettings.VideoSettings(
                            Optional.ofNullable(root), allowedHosts, allowPrivate, folder, features, limits()));
            try (Serving serving = Serving.start(settings, handle, handle.open());
                    Stop.Registration stop = Stop.onStop(serving::abandon)) {
                System.out.println("serving " + settings.name() + " at " + serving.address() + "; Ctrl-C stops it");
                new CountDownLatch(1).await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            AtomicFiles.deleteTree(folder);
        }
        return 0;
    }

    private WebSettings web() {
        WebSettings.Limits standard = WebSettings.Limits.DEFAULT;
        return new WebSettings(
                host,
                port,
                key(),
                publicNames,
                new WebSettings.Limits(
                        standard.bodyBytes(),
                        standard.bodyTime(),
                        standard.bodiesBytes(),
                        Duration.ofSeconds(Checks.atLeast(1, "--timeout", timeout)),
                        Checks.atLeast(1, "--max-waiting", maxWaiting)));
    }

    private ServingSettings.VideoLimits limits() {
        ServingSettings.VideoLimits standard = ServingSettings.VideoLimits.DEFAULT;
        return new ServingSettings.VideoLimits(
                (long) Checks.atLeast(1, "--max-upload", maxUpload) << MEGA,
                (long) Checks.atLeast(1, "--max-stored", maxStored) << MEGA,
                standard.seconds(),
                standard.pixels());
    }

    private Optional<String> key() {
        if (keyFile != null) {
            String text = AtomicFiles.readString(keyFile).strip();
            if (text.isEmpty()) {
                throw new InputException("--key-file " + keyFile + " is empty; write a key into it");
            }
            return Optional.of(text);
        }
        return Optional.ofNullable(System.getenv(KEY)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private static String lastPart(String name) {
        // A training run keeps its model in a folder of that name.
        List<String> parts =
                List.of(name.replaceFirst("(?<=[^/\\\\])[/\\\\]model$", "").split("[/\\\\]+"));
        // A revision of the hub's cache says nothing to people.
        return parts.stream()
                .filter(part -> part.startsWith("models--"))
                .findFirst()
                .map(part -> part.substring("models--".length()).replace("--", "/"))
                .orElse(parts.get(parts.size() - 1));
    }
}
