package org.videotg.client;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.MllmContract;

/**
 * A model behind a running {@code transformers serve} keeps the port's contract, but for two parts: its sampled replies
 * depend on what else it is asked, and it can't weigh yes against no. Skipped unless the system property
 * {@code videotg.test.transformers} names it, such as {@code http://127.0.0.1:8000/v1#/path/of/model}.
 */
@EnabledIfSystemProperty(named = "videotg.test.transformers", matches = "http.*")
class TransformersServeTest extends MllmContract {
    @TempDir
    static Path folder;

    @Override
    protected Mllm open() {
        return Backend.findModel(new Backend.Request(
                        System.getProperty("videotg.test.transformers"),
                        Optional.empty(),
                        Map.of("factor", "32"),
                        Path.of("none"),
                        "auto",
                        "auto",
                        Map.of("kind", "transformers")))
                .open();
    }

    @Override
    protected Path video() {
        return OpenAiMllmTest.square(folder);
    }

    @Override
    protected boolean seeded() {
        return false;
    }
}
