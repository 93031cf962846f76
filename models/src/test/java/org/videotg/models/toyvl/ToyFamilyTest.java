package org.videotg.models.toyvl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.GridSpacing;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.ModelFamily;
import org.videotg.models.ModelFolder;
import org.videotg.models.generate.LocalMllm;
import org.videotg.models.sequence.Prefix;
import org.videotg.models.sequence.PromptGrids;

/** A family of one class and one registration opens, answers through the port and gives probabilities. */
class ToyFamilyTest {
    private static final Path VIDEO = Path.of("src/test/resources/golden/clip.mp4");

    @TempDir
    Path folder;

    @Test
    void isRegisteredBesideTheOthers() {
        assertEquals(
                List.of("qwen2_5_vl", "qwen3_vl", "toy_vl"),
                ModelFamily.all().stream().map(ModelFamily::modelType).sorted().toList());
    }

    @Test
    void answersThroughThePort() {
        ToyFamily.write(folder);
        VideoView view = new VideoView(VideoRef.whole(VIDEO), GridMask.none());
        try (LocalMllm mllm = LocalMllm.open(folder, folder.resolve("features"))) {
            assertEquals("toy_vl", mllm.identity().architecture());
            Question question = new Question(view, "Watch this: ", "When does it end?");
            Answer answer = mllm.ask(question, Decoding.greedy(5));
            assertEquals(1, answer.replies().size());
            assertEquals(
                    answer.replies(), mllm.ask(question, Decoding.greedy(5)).replies());
            List<Double> yes = mllm.probabilities(view, "", List.of("Is it dark?", "Is it bright?"))
                    .yes();
            assertTrue(yes.get(0) > 0 && yes.get(0) < 1, "probabilities " + yes);
            assertNotEquals(yes.get(0), yes.get(1));
        }
    }

    /** The word of its settings stands in the prompt, and time in the positions. */
    @Test
    void writesVideosAsItsTemplateSays() {
        ToyFamily.write(folder);
        try (ModelFolder open = ModelFolder.open(folder)) {
            Prefix prefix = open.chat().prefix("", PromptGrids.all(new double[] {0, 1}, GridSpacing.even(1), 1, 1));
            assertTrue(open.tokenizer().decode(prefix.ids()).contains("look: "));
            int[] slots = prefix.visualSlots();
            assertArrayEquals(new int[] {slots[0], slots[0] + 1}, slots);
            assertEquals(1, prefix.positions()[0][slots[1]] - prefix.positions()[0][slots[0]]);
        }
    }
}
