package org.videotg.benchmarks.export;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.FolderLock;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.sample.Sample;

/**
 * LLaMA-Factory: {@code {messages, videos}} in its sharegpt form, and beside the file a {@code dataset_info.json} that
 * names it after the file; entries of other datasets are kept. Videos are relative to {@code dataset_dir}, the folder
 * of both.
 */
public final class LlamaFactoryExport extends TableExport {
    private static final String INFO = "dataset_info.json";

    public LlamaFactoryExport() {
        super("llama-factory", "LLaMA-Factory", "messages", "videos");
    }

    @Override
    ObjectNode row(Sample sample) {
        return withMessages(facts(sample), sample);
    }

    @Override
    List<Path> write(List<Sample> samples, Path file) {
        Path info = file.resolveSibling(INFO);
        if (file.getFileName().toString().equals(INFO)) {
            throw new InputException(
                    file + ": LLaMA-Factory keeps its list of data sets under this name; choose another");
        }
        try (FolderLock lock = FolderLock.beside(info, Duration.ofSeconds(5))) {
            ObjectNode entries = Files.exists(info) ? Json.read(info) : Json.MAPPER.createObjectNode();
            super.write(samples, file);
            String name = file.getFileName().toString().replaceFirst("\\.jsonl?$", "");
            entries.set(name, entry(file));
            AtomicFiles.writeString(info, Json.pretty(entries));
        }
        return List.of(file, info);
    }

    private static ObjectNode entry(Path file) {
        ObjectNode entry = Json.MAPPER.createObjectNode();
        entry.put("file_name", file.getFileName().toString()).put("formatting", "sharegpt");
        entry.putObject("columns").put("messages", "messages").put("videos", "videos");
        entry.putObject("tags")
                .put("role_tag", "role")
                .put("content_tag", "content")
                .put("user_tag", "user")
                .put("assistant_tag", "assistant");
        return entry;
    }
}
