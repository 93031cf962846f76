package org.videotg.app.inference;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.prompt.PromptTemplate;
import org.videotg.core.reply.ReadReply;
import org.videotg.core.sample.Clip;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Task;
import org.videotg.core.sample.VideoRef;
import org.videotg.models.generate.LocalMllm;
import org.videotg.video.SampledFrames;

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
     * Asks about a video or clip, greedily. An interval that is empty or reversed is none.
     *
     * @param options of a multiple-choice question; none if the query is a sentence
     */
    public static Grounding of(
            Checkpoint checkpoint,
            LocalMllm mllm,
            PromptTemplate prompt,
            VideoRef video,
            String query,
            List<String> options,
            int maxTokens) {
        long started = System.nanoTime();
        SampledFrames sampled = checkpoint.sampled(video);
        PromptTemplate.Text asked = options.isEmpty() ? prompt.grounding(query) : prompt.answering(query, options);
        Question question = new Question(VideoView.whole(video), asked.before(), asked.after());
        Answer answer = mllm.ask(question, Decoding.greedy(maxTokens));
        String reply = answer.texts().get(0);
        ReadReply read = prompt.read(options.isEmpty() ? Task.VTG : Task.GQA, reply);
        List<Interval> found = read.intervals().stream()
                .filter(interval -> !interval.isEmpty())
                .toList();
        Clip clip = video.clip();
        Interval part = clip.isWhole() ? null : new Interval(clip.start(), clip.start() + sampled.duration());
        return new Grounding(
                video.file().toString(),
                part,
                query,
                sampled.duration(),
                found,
                chosen(options, read),
                reply,
                checkpoint.path().toString(),
                sampled.count(),
                sampled.sampleFps(),
                answer.promptTokens(),
                (System.nanoTime() - started) / 1e9);
    }

    private static String chosen(List<String> options, ReadReply reply) {
        int index = reply.letter() == null ? -1 : reply.letter().charAt(0) - 'A';
        return index >= 0 && index < options.size() ? options.get(index) : null;
    }
}
