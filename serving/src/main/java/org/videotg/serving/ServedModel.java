package org.videotg.serving;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.core.grid.GridMask;
import org.videotg.core.grid.TemporalGrids;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.core.io.OutputException;
import org.videotg.core.io.RecordShards;
import org.videotg.core.mllm.Answer;
import org.videotg.core.mllm.Backend;
import org.videotg.core.mllm.Decoding;
import org.videotg.core.mllm.Grounding;
import org.videotg.core.mllm.Mllm;
import org.videotg.core.mllm.Question;
import org.videotg.core.mllm.Reply;
import org.videotg.core.mllm.ReplyListener;
import org.videotg.core.mllm.VideoView;
import org.videotg.core.mllm.YesNo;
import org.videotg.core.run.Cost;
import org.videotg.core.run.ModelIdentity;
import org.videotg.core.sample.VideoRef;
import org.videotg.video.FrameRange;
import org.videotg.video.VideoFile;
import org.videotg.web.Request;
import org.videotg.web.WebException;

/**
 * The model of a server. A limited number of requests asks it at a time, each within its own time; answers and errors
 * have the server's name of the model and the request's name of the video in place of paths.
 */
final class ServedModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ServedModel.class);

    private final ServingSettings settings;
    private final Backend.Handle handle;
    private final Mllm mllm;
    private final Metrics metrics;
    private final ModelIdentity identity;
    private final Turns turns;
    private final Optional<RecordShards> features;

    /**
     * @param mllm the model of the handle; closed with this object
     * @param metrics counts tokens and seconds of answers
     */
    ServedModel(ServingSettings settings, Backend.Handle handle, Mllm mllm, Metrics metrics) {
        this.settings = settings;
        this.handle = handle;
        this.mllm = mllm;
        this.metrics = metrics;
        ModelIdentity own = mllm.identity();
        this.identity = new ModelIdentity(
                settings.name(), own.architecture(), own.weights(), own.preprocessing(), own.compute());
        this.turns = new Turns(settings.model().requests());
        this.features = settings.videos()
                .features()
                .map(folder -> new RecordShards(RecordShards.Settings.of(
                        folder, "", settings.videos().limits().folderBytes())));
    }

    /** Returns how many requests wait. */
    int waiting() {
        return turns.waiting();
    }

    /** Returns what a client may know of the model before it asks. */
    ObjectNode description() {
        ObjectNode description = Json.MAPPER.createObjectNode();
        description.set("identity", Json.MAPPER.valueToTree(identity));
        description.put("fps", handle.sampling().fps());
        description.put("pixel_budget", handle.sampling().pixelBudget());
        description.put("probe", mllm.yesNo().isPresent());
        description.put("max_tokens", settings.model().tokens());
        return description;
    }

    /**
     * Returns a video as the model is to see it.
     *
     * @throws WebException (400) if the video has no such clip or temporal grids
     */
    VideoView view(View view, VideoSources.Found video) throws Exception {
        return checked(video, () -> seen(view, video));
    }

    private VideoView seen(View view, VideoSources.Found video) {
        VideoRef watched = new VideoRef(video.file(), view.clip());
        FrameRange.of(VideoFile.open(video.file()), view.clip());
        GridMask mask = view.mask();
        if (!mask.isNone()) {
            int grids = mllm.grids(watched).size();
            if (mask.visible(grids).length + mask.count() != grids) {
                throw WebException.parameter(
                        "videotg.mask.grids", "the video has " + grids + " temporal grids, numbered from 0");
            }
            if (mask.visible(grids).length == 0) {
                throw WebException.parameter("videotg.mask.grids", "at least one temporal grid must stay visible");
            }
        }
        return new VideoView(watched, mask);
    }

    TemporalGrids grids(VideoRef watched, VideoSources.Found video) throws Exception {
        return checked(video, () -> mllm.grids(watched));
    }

    /** Asks the model for replies when it is free. */
    Answer ask(Request request, VideoSources.Found video, Question question, Decoding decoding, ReplyListener listener)
            throws Exception {
        return turn(request, video, () -> within(request).ask(question, decoding, listener));
    }

    Grounding ground(Request request, VideoSources.Found video, Grounding.Query query) throws Exception {
        return turn(request, video, () -> Grounding.of(handle, within(request), query));
    }

    /**
     * Returns the part of the model that weighs yes against no.
     *
     * @throws WebException (400) if it can't
     */
    YesNo yesNo() {
        return mllm.yesNo()
                .orElseThrow(() -> WebException.of(
                        400, "not_supported", "this model can't weigh yes against no; ask it for replies"));
    }

    /** Asks the model for the probabilities of yes to each question when it is free. */
    YesNo.Probabilities probe(Request request, VideoSources.Found video, Callable<YesNo.Probabilities> question)
            throws Exception {
        YesNo.Probabilities answer = turn(request, video, question);
        metrics.count(answer.promptTokens(), 0, answer.cost().seconds());
        return answer;
    }

    /** Returns the model, which ends a reply when the time of a request is over. */
    private Mllm within(Request request) {
        return new Mllm() {
            @Override
            public ModelIdentity identity() {
                return mllm.identity();
            }

            @Override
            public TemporalGrids grids(VideoRef video) {
                return mllm.grids(video);
            }

            @Override
            public Answer ask(Question question, Decoding decoding) {
                return ask(question, decoding, ReplyListener.NONE);
            }

            @Override
            public Answer ask(Question question, Decoding decoding, ReplyListener listener) {
                Answer answer = mllm.ask(question, decoding, (reply, text) -> {
                    if (request.remaining().isNegative()) {
                        throw new CancellationException("the time for the request is over");
                    }
                    listener.grown(reply, text);
                });
                metrics.count(answer);
                return answer;
            }

            @Override
            public void close() {
                throw new UnsupportedOperationException("the server closes the model");
            }
        };
    }

    /** Asks the model when it is free. */
    private <T> T turn(Request request, VideoSources.Found video, Callable<T> question) throws Exception {
        try {
            return turns.take(request.remaining(), () -> checked(video, question));
        } finally {
            features.ifPresent(RecordShards::trim);
        }
    }

    /** Asks about a video; refuses what can't be computed, without paths of this machine in the message. */
    private static <T> T checked(VideoSources.Found video, Callable<T> question) throws Exception {
        try {
            return question.call();
        } catch (WebException | CancellationException | OutputException e) {
            throw e;
        } catch (InputException e) {
            throw WebException.of(400, "invalid_value", video.hide(e.getMessage()));
        } catch (RuntimeException e) {
            Optional<String> reason = Backend.explainFailure(e);
            if (reason.isPresent()) {
                LOG.warn("a request could not be computed: {}", reason.get());
                throw WebException.of(500, "not_computed", "the model could not compute the answer: " + reason.get());
            }
            throw e;
        }
    }

    /** Returns what an answer says beyond OpenAI's form. */
    ObjectNode extension(VideoRef watched, VideoSources.Found video, Answer answer) throws Exception {
        ObjectNode extension = extension(answer.cost());
        extension.set(
                "tokens",
                Json.MAPPER.valueToTree(
                        answer.replies().stream().map(Reply::tokens).toList()));
        extension.set("notes", Json.MAPPER.valueToTree(notes(watched, video)));
        return extension;
    }

    ObjectNode extension(Cost cost) {
        ObjectNode extension = Json.MAPPER.createObjectNode();
        extension.set("identity", Json.MAPPER.valueToTree(identity));
        extension.set("cost", Json.MAPPER.valueToTree(cost));
        return extension;
    }

    /** Returns what a user should know of the video or of how the model reads it. */
    List<String> notes(VideoRef watched, VideoSources.Found video) throws Exception {
        List<String> notes = new ArrayList<>(checked(video, () -> mllm.notes(watched)));
        handle.caveat(List.of(watched)).ifPresent(notes::add);
        return notes.stream()
                .map(note -> video.hide(note).replace(handle.name(), settings.name()))
                .toList();
    }

    @Override
    public void close() {
        mllm.close();
    }
}
