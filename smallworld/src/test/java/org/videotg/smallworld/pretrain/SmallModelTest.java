package org.videotg.smallworld.pretrain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.Json;
import org.videotg.core.io.Sha256;
import org.videotg.models.ModelFamily;

/** The checkpoint with which the pretraining of the committed small model began. */
class SmallModelTest {
    private static final Path COMMITTED = Path.of("..", "models", "small");

    @TempDir
    Path folder;

    @Test
    void theRecipeMakesTheCommittedFilesAndTheSameRandomWeights() throws Exception {
        PretrainRecipe recipe = PretrainRecipe.read(Path.of("..", "recipes", "pretrain.yaml"), List.of());
        recipe.model().create(folder, new SmallTokenizer(), recipe.seed());
        for (String file : List.of(
                "config.json",
                "generation_config.json",
                "video_preprocessor_config.json",
                "tokenizer.json",
                "tokenizer_config.json",
                "chat_template.jinja")) {
            assertEquals(
                    Files.readString(COMMITTED.resolve(file)).replace("\r\n", "\n"),
                    Files.readString(folder.resolve(file)).replace("\r\n", "\n"),
                    file);
        }
        assertEquals(
                "22ae692374cfbde4f3e212e34ba3f20d3366b413b4a275bf9f53267bb735b01c",
                Sha256.of(folder.resolve("model.safetensors")));
    }

    @Test
    void aFamilyWithoutTheseFilesSaysSo() {
        Exception e = assertThrows(
                UnsupportedOperationException.class,
                () -> ModelFamily.of("qwen2_5_vl").newFile("config.json", Json.MAPPER.createObjectNode()));
        assertEquals("qwen2_5_vl has no config.json for new checkpoints", e.getMessage());
    }
}
