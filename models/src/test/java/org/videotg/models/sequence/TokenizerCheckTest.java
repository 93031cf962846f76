package org.videotg.models.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.ModelFolder;

class TokenizerCheckTest {
    private static final Path SMALL = Path.of("..", "models", "small");

    @TempDir
    Path folder;

    @Test
    void knowsTheLargestId() {
        assertEquals(460, TokenizerCheck.check(SMALL.resolve("tokenizer.json")));
    }

    /** An expression that backtracks without end aborts the process inside the native library. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pre_tokenizer | {'type':'Split','pattern':{'Regex':'([a-z ]+)+X'},'behavior':'Isolated'} | Qwen",
                "pre_tokenizer | {'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'(a+)+'}}]} | Qwen",
                "pre_tokenizer | {'type':'Metaspace'} | Metaspace",
                "normalizer | {'type':'Replace','pattern':{'Regex':'(a+)+b'},'content':''} | Replace",
                "decoder | {'type':'Replace','pattern':{'Regex':'(a+)+b'},'content':''} | Replace",
                "post_processor | {'type':'TemplateProcessing'} | TemplateProcessing",
                "model | {'type':'Unigram','vocab':[]} | BPE",
                "model | [] | no JSON object",
            })
    void refusesWhatItDoesNotKnow(String field, String value, String named) throws Exception {
        ObjectNode root = Json.read(SMALL.resolve("tokenizer.json"));
        root.set(field, Json.MAPPER.readTree(value.replace('\'', '"')));
        Path file = Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        InputException error = assertThrows(InputException.class, () -> Tokenizer.load(file));
        assertTrue(error.getMessage().startsWith(file + " can't be used: "), error.getMessage());
        assertTrue(error.getMessage().contains(named), error.getMessage());
    }

    @Test
    void idsBeyondTheEmbeddingAreRefused() throws Exception {
        for (String name : new String[] {"config.json", "generation_config.json", "model.safetensors"}) {
            Files.copy(SMALL.resolve(name), folder.resolve(name));
        }
        ObjectNode root = Json.read(SMALL.resolve("tokenizer.json"));
        root.withObject("/model/vocab").put("zebra", 100_000);
        Files.writeString(folder.resolve("tokenizer.json"), root.toString());
        InputException error = assertThrows(InputException.class, () -> ModelFolder.open(folder));
        assertTrue(
                error.getMessage().contains("has the id 100000, but config.json says vocab_size"), error.getMessage());
    }
}
