package org.videotg.core.mllm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.io.InputException;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.VideoRef;

class TrainedWithTest {
    private final List<String> warnings = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void aModelIsAskedAsItWasTrained() {
        Backend.Handle model = model(Optional.of(new TrainedWith(PromptTemplate.named("timer1"), Map.of(), 512)));
        assertEquals("timer1", prompt(model, null));
        assertEquals(512, tokens(model, null));
        assertEquals("timer1", prompt(model, "timer1"));
        assertEquals(1024, tokens(model, 1024));
        assertEquals(List.of(), warnings);
    }

    @Test
    void anotherChoiceIsAWarningThatNamesBoth() {
        Backend.Handle model = model(Optional.of(new TrainedWith(PromptTemplate.named("timer1"), Map.of(), 512)));
        assertEquals("timelens", prompt(model, "timelens"));
        assertEquals(
                "model m was trained with prompt timer1, and is asked with timelens; scores may suffer",
                warnings.get(0));
        assertEquals(96, tokens(model, 96));
        assertTrue(warnings.get(1).contains("up to 512 tokens, and may use 96"), warnings.get(1));
    }

    @Test
    void aModelThatSaysNothingHasTheDefaults() {
        assertEquals("own", prompt(model(Optional.empty()), null));
        assertEquals(TrainedWith.MAX_TOKENS, tokens(model(Optional.empty()), null));
        assertEquals(List.of(), warnings);
    }

    @Test
    void theFileIsReadBackAndDamageIsNamed() throws IOException {
        TrainedWith written = new TrainedWith(PromptTemplate.named("own"), Map.of("fps", "1"), null);
        written.write(folder);
        assertEquals(Optional.of(written), TrainedWith.read(folder));
        Files.writeString(folder.resolve(TrainedWith.FILE), "{\"prompt\": \"secret.yaml\"}");
        InputException named = assertThrows(InputException.class, () -> TrainedWith.read(folder));
        assertTrue(named.getMessage().contains("must hold the texts"), named.getMessage());
        Files.writeString(folder.resolve(TrainedWith.FILE), "{");
        InputException damaged = assertThrows(InputException.class, () -> TrainedWith.read(folder));
        assertTrue(damaged.getMessage().contains(TrainedWith.FILE), damaged.getMessage());
    }

    private String prompt(Backend.Handle model, String given) {
        return TrainedWith.prompt(model, Optional.ofNullable(given), warnings::add)
                .name();
    }

    private int tokens(Backend.Handle model, Integer given) {
        return TrainedWith.maxTokens(model, Optional.ofNullable(given), warnings::add);
    }

    private static Backend.Handle model(Optional<TrainedWith> trained) {
        return new Backend.Handle() {
            @Override
            public String name() {
                return "m";
            }

            @Override
            public Optional<TrainedWith> trainedWith() {
                return trained;
            }

            @Override
            public Backend.Sampling sampling() {
                throw new AssertionError();
            }

            @Override
            public Backend.Frames frames(VideoRef video) {
                throw new AssertionError();
            }

            @Override
            public Mllm open() {
                throw new AssertionError();
            }
        };
    }
}
