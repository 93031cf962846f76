package org.videotg.spark;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.config.Setting;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.mllm.Backend;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.selection.SelectionSettings;

/** The settings of a curation on Spark. Paths without a scheme belong to Spark's default file system. */
public record CurationJob(
        @Setting(value = "samples: .jsonl, .json or .parquet, in any file system that Spark reads", required = true)
        String data,

        @Setting(value = "folder of the results, in any file system that Spark writes", required = true)
        String out,

        @Setting(value = "folder on every worker, name on a hub, or http://HOST:PORT/v1#NAME", required = true)
        String model,

        @Setting("folder on every worker with a LoRA adapter of the model")
        String adapter,

        @Setting(value = "how a server is asked (docs/servers.md)", defaultValue = "{}")
        Map<String, String> server,

        @Setting(value = "how videos are read (docs/models.md)", defaultValue = "{}")
        Map<String, String> video,

        @Setting("prompt template, or a file on every worker; without it that of the model's training")
        String prompt,

        @Setting(value = "auto, cpu, cuda or cuda:N", defaultValue = "auto")
        String device,

        @Setting(value = "auto, float32 or bfloat16", defaultValue = "auto")
        String dtype,

        @Setting("samples that a task asks about at a time; without it 1, or for a server its setting parallel")
        Integer parallel,

        @Setting(value = "samples whose verdicts are written as one file", defaultValue = "16", range = "at least 1")
        int block,

        @Setting("of the selection") SelectionSettings selection,

        @Setting("of boundary reflection") ReflectionSettings reflection,

        @Setting("of difficulty estimation") DifficultySettings difficulty) {
    public CurationJob {
        Settings.check(
                CurationJob.class,
                data,
                out,
                model,
                adapter,
                server,
                video,
                prompt,
                device,
                dtype,
                parallel,
                block,
                selection,
                reflection,
                difficulty);
        if (parallel != null && parallel < 1) {
            throw new InputException("\"parallel\" must be at least 1, not " + parallel);
        }
        server = Map.copyOf(server);
        video = Map.copyOf(video);
    }

    /**
     * Reads a job from {@code key=value}, the keys of sections joined by dots.
     *
     * @throws InputException naming what is missing or wrong
     */
    static CurationJob parse(List<String> arguments) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            if (equals < 1) {
                throw new InputException("\"" + argument + "\" is not of the form key=value, such as data=train.jsonl");
            }
            texts.put(argument.substring(0, equals), argument.substring(equals + 1));
        }
        ObjectNode tree = Json.MAPPER.createObjectNode();
        Settings.set(tree, texts, CurationJob.class);
        return Settings.bind(tree, CurationJob.class, "arguments");
    }

    /** Returns the job as one line, as it is sent to executors. */
    String line() {
        return Json.line(Settings.tree(this));
    }

    /** Reads what {@link #line} has written. */
    static CurationJob read(String line) {
        return Settings.bind(Json.parse(line, "job"), CurationJob.class, "job");
    }

    /** The model that is asked, with vision features kept in a folder. */
    Backend.Request request(Path features) {
        return new Backend.Request(
                model, Optional.ofNullable(adapter).map(Path::of), video, features, device, dtype, server);
    }
}
