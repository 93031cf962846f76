package org.videotg.smallworld.pretrain;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.sample.Interval;
import org.videotg.models.sequence.Tokenizer;

/** The small tokenizer as the real library reads it. */
class SmallTokenizerTest {
    @TempDir
    Path folder;

    private final SmallTokenizer small =
            new SmallTokenizer(List.of("When?", " the", " square", "(A) 3.0", "3.0 to 7.0, 8.0"));
    private Tokenizer tokenizer;

    @BeforeEach
    void load() throws Exception {
        Files.writeString(folder.resolve("tokenizer.json"), small.json());
        tokenizer = Tokenizer.load(folder.resolve("tokenizer.json"));
    }

    @AfterEach
    void close() {
        tokenizer.close();
    }

    @Test
    void everyTimeUpTo9999CanBeWrittenAndRead() {
        for (int tenths = 0; tenths <= 99_999; tenths += tenths < 2000 ? 1 : 37) {
            String time = PromptTemplate.time(tenths / 10.0);
            int[] ids = tokenizer.encode(time);
            assertEquals(time, tokenizer.decode(ids));
            assertTrue(tenths >= 1000 || ids.length == 2, time + " takes " + ids.length);
        }
        assertEquals("9999.9", tokenizer.decode(tokenizer.encode("9999.9")));
    }

    @Test
    void theTokensOfATimestampAreThoseOfAnAnswer() {
        int[] prompt = tokenizer.encode("<13.2 seconds>");
        int[] answer = tokenizer.encode(PromptTemplate.DEFAULT.reply(new Interval(13, 17)));
        assertEquals(3, prompt.length);
        assertEquals(5, answer.length);
        assertEquals(prompt[1], answer[0]);
    }

    @Test
    void unknownTextFallsBackToBytesAndComesBack() {
        for (String text :
                List.of("Zebra überquert die Straße", "日本語 \u0661\u0662", "a\tb\u0000c", "🙂", " the  square")) {
            assertEquals(text, tokenizer.decode(tokenizer.encode(text)));
        }
        assertEquals(1, tokenizer.encode(" square").length);
        assertEquals(" round".length(), tokenizer.encode(" round").length);
    }

    @Test
    void specialTokensAreSingleAndLeaveNoTraceInText() {
        int[] ids = tokenizer.encode("<|im_start|>user\n<|im_end|>");
        assertEquals(small.special("<|im_start|>"), ids[0]);
        assertEquals(small.special("<|im_end|>"), ids[ids.length - 1]);
        assertEquals("user\n", tokenizer.decode(ids));
        assertTrue(Arrays.stream(ids).allMatch(id -> id < small.size()));
        assertArrayEquals(new int[0], tokenizer.encode(""));
    }
}
