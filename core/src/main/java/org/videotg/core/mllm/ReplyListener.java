package org.videotg.core.mllm;

/** Is told of replies while they are drawn. */
@FunctionalInterface
public interface ReplyListener {
    /** Is told nothing. */
    ReplyListener NONE = (reply, text) -> {};

    /**
     * A reply has grown.
     *
     * @param reply its number, from 0
     * @param text what was added; may be empty. The texts of a reply add up to {@link Reply#text}
     * @throws java.util.concurrent.CancellationException if the replies are no longer wanted, to end the drawing
     */
    void grown(int reply, String text);
}
