package org.videotg.core.mllm;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;

/**
 * The answer to "when does it happen?".
 *
 * @param clip seconds of the file that were looked at; null for all
 * @param duration of what was looked at, in seconds
 * @param intervals found, in seconds from the clip's start; empty if the reply names none
 * @param answer the chosen option; null if no options were given, or the reply chooses none
 * @param reply raw
 * @param model folder
 * @param frames sampled from the video
 * @param fps sampled frames per second of video
 * @param seconds from the question to the answer, reading of the video included, loading of the model not
 */
@JsonPropertyOrder({
    "video",
    "clip",
    "query",
    "duration",
    "intervals",
    "answer",
    "reply",
    "model",
    "frames",
    "fps",
    "promptTokens",
    "seconds"
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Grounding(
        String video,
        Interval clip,
        String query,
        double duration,
        List<Interval> intervals,
        String answer,
        String reply,
        String model,
        int frames,
        double fps,
        int promptTokens,
        double seconds) {
    public Grounding {
        intervals = List.copyOf(intervals);
    }

    /**
     * A question about one video or clip.
     *
     * @param text a sentence, or a question if there are options
     * @param options of a multiple-choice question; none if the query is a sentence
     * @param maxTokens of the reply
     */
    public record Query(VideoRef video, String text, List<String> options, PromptTemplate prompt, int maxTokens) {
        Task task() {
            return options.isEmpty() ? Task.VTG : Task.GQA;
        }

        Question question() {
            PromptTemplate.Text asked = options.isEmpty() ? prompt.grounding(text) : prompt.answering(text, options);
            return new Question(VideoView.whole(video), asked.before(), asked.after());
        }
    }

    /**
     * Asks for several replies and ranks the moments that they name.
     *
     * @param decoding how the replies are drawn
     * @param most at most so many moments
     */
    public static List<RankedMoment> ranked(Mllm mllm, Query query, Decoding decoding, int most) {
        List<List<Interval>> replies = mllm.ask(query.question(), decoding).texts().stream()
                .map(reply -> query.prompt().read(query.task(), reply).intervals())
                .toList();
        return RankedMoment.of(replies, most);
    }

    /** Asks greedily. An interval that is empty or reversed is none. */
    public static Grounding of(Backend.Handle model, Mllm mllm, Query query) {
        long started = System.nanoTime();
        Backend.Frames frames = model.frames(query.video());
        Answer answer = mllm.ask(query.question(), Decoding.greedy(query.maxTokens()));
        String reply = answer.texts().get(0);
        ParsedReply read = query.prompt().read(query.task(), reply);
        List<Interval> found = read.intervals().stream()
                .filter(interval -> !interval.isEmpty())
                .toList();
        Clip clip = query.video().clip();
        Interval part = clip.isWhole() ? null : new Interval(clip.start(), clip.start() + frames.duration());
        return new Grounding(
                query.video().file().toString(),
                part,
                query.text(),
                frames.duration(),
                found,
                chosen(query.options(), read),
                reply,
                model.name(),
                frames.count(),
                frames.fps(),
                answer.promptTokens(),
                (System.nanoTime() - started) / 1e9);
    }

    private static String chosen(List<String> options, ParsedReply reply) {
        int index = reply.letter() == null ? -1 : reply.letter().charAt(0) - 'A';
        return index >= 0 && index < options.size() ? options.get(index) : null;
    }
}
