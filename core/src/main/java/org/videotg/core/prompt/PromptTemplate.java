package org.videotg.core.prompt;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.videotg.core.io.InputException;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.reply.Placeholders;
import org.videotg.core.reply.ReplyFormat;
import org.videotg.core.reply.ReplyParser;
import org.videotg.core.sample.Interval;
import org.videotg.core.sample.Sample;
import org.videotg.core.sample.Task;

/**
 * How questions are asked about a video, what the right replies look like, and how replies are read. The texts have
 * placeholders: {@code {query}}, {@code {time}} (seconds, one decimal), {@code {options}}, and {@code {video}} where
 * the video stands; without it the video stands between {@code before} and the text. A template may lack texts; to ask
 * such a question is an error.
 *
 * @param name by which recipes and manifests call it; of a template of the user's own the path of its file
 * @param before text before the video that every question begins with, so that one prefix serves them all; may be empty
 * @param ground asks for one interval; null if the template lacks it, as the following three
 * @param list asks for every interval, or none
 * @param yesNo asks whether it happens at {@code {time}}
 * @param choice asks for the letter of an option and the interval that shows it
 * @param query what is done to a query before it is asked, in order
 * @param options how options are written
 * @param replies the form of the right replies
 * @param parser how replies are read
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PromptTemplate(
        String name,
        String before,
        String ground,
        String list,
        String yesNo,
        String choice,
        List<QueryStep> query,
        OptionStyle options,
        ReplyFormat replies,
        ReplyParser parser) {
    /** This project's own, short: the one the embedded model is pretrained with. */
    public static final PromptTemplate DEFAULT = PromptFile.builtIn("own");

    private static final String QUERY = "{query}";
    private static final String VIDEO = "{video}";
    private static final String TIME = "{time}";
    private static final String OPTIONS = "{options}";

    /** What is asked: the text before the video and the text after it. */
    public record Text(String before, String after) {}

    @JsonCreator
    public PromptTemplate {
        Objects.requireNonNull(name, "name");
        before = before == null ? "" : before;
        query = query == null ? QueryStep.DEFAULT : List.copyOf(query);
        options = options == null ? OptionStyle.INLINE : options;
        replies = replies == null ? ReplyFormat.DEFAULT : replies;
        parser = parser == null ? ReplyParser.STRICT : parser;
        if (Stream.of(ground, list, yesNo, choice).allMatch(Objects::isNull)) {
            throw new InputException("a prompt template needs at least one of the texts ground, list, yesNo, choice");
        }
        Placeholders.check("\"before\"", before, QUERY);
        check(before, "ground", ground);
        check(before, "list", list);
        check(before, "yesNo", yesNo, TIME);
        check(before, "choice", choice, OPTIONS);
    }

    private static void check(String before, String what, String text, String... needed) {
        if (text == null) {
            return;
        }
        List<String> known =
                Stream.concat(Stream.of(QUERY, VIDEO), Stream.of(needed)).toList();
        Placeholders.check("\"" + what + "\"", text, known.toArray(String[]::new));
        for (String placeholder : needed) {
            if (!text.contains(placeholder)) {
                throw new InputException("\"" + what + "\" lacks " + placeholder);
            }
        }
        if (!before.contains(QUERY) && !text.contains(QUERY)) {
            throw new InputException("\"" + what + "\" lacks {query}, which \"before\" has not either");
        }
        if (Placeholders.count(text, VIDEO) > 1) {
            throw new InputException("\"" + what + "\" has {video} more than once");
        }
        if (text.indexOf(TIME) >= 0 && text.indexOf(TIME) < text.indexOf(VIDEO)) {
            throw new InputException(
                    "\"" + what + "\" has {time} before {video}; all times are asked behind one and the same prefix");
        }
    }

    /**
     * The template of that name, or of the user's own file. A colon and the name of a parser behind it take that parser
     * instead of the template's, for example {@code timer1:strict}.
     *
     * @throws InputException naming the templates that are known, or what is wrong in the file
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static PromptTemplate named(String name) {
        int colon = name.lastIndexOf(':');
        return ReplyParser.withId(name.substring(colon + 1))
                .filter(parser -> colon > 0)
                .map(parser -> PromptFile.find(name.substring(0, colon)).withParser(name, parser))
                .orElseGet(() -> PromptFile.find(name));
    }

    /** The names of the templates that come with videotg. */
    public static List<String> names() {
        return PromptFile.BUILT_IN;
    }

    /** The file that holds the template of that name, as it comes with videotg: a start for one of the user's own. */
    public static String source(String name) {
        return PromptFile.text(name);
    }

    /** Returns the template under another name. */
    public PromptTemplate withName(String changed) {
        return new PromptTemplate(changed, before, ground, list, yesNo, choice, query, options, replies, parser);
    }

    private PromptTemplate withParser(String changedName, ReplyParser changed) {
        return new PromptTemplate(changedName, before, ground, list, yesNo, choice, query, options, replies, changed);
    }

    /** The question that the sample's task asks. */
    public Text question(Sample sample) {
        return switch (sample.task()) {
            case VTG -> grounding(sample.query());
            case LIST -> listing(sample.query());
            case GQA -> answering(sample.query(), sample.options());
        };
    }

    /** Asks for the interval in which it happens. */
    public Text grounding(String asked) {
        return text("ground", ground, asked, Map.of());
    }

    /** Asks for every interval in which it happens. */
    public Text listing(String asked) {
        return text("list", list, asked, Map.of());
    }

    /** Asks whether it happens at a time; what stands before the video is the same for every time. */
    public Text probing(String asked, double seconds) {
        return text("yesNo", yesNo, asked, Map.of(TIME, time(seconds)));
    }

    /** Asks for an option and the interval that shows it. */
    public Text answering(String asked, List<String> choices) {
        return text("choice", choice, asked, Map.of(OPTIONS, options.write(choices)));
    }

    private Text text(String what, String text, String asked, Map<String, String> more) {
        if (text == null) {
            throw new InputException("prompt template \"" + name + "\" has no text \"" + what
                    + "\"; take another template, or add one to a copy of its file (./videotg prompt NAME prints it)");
        }
        String plain = asked;
        for (QueryStep step : query) {
            plain = step.apply(plain);
        }
        Map<String, String> values = new HashMap<>(more);
        values.put(QUERY, plain);
        int video = text.indexOf(VIDEO);
        return new Text(
                Placeholders.fill(before + (video < 0 ? "" : text.substring(0, video)), values),
                Placeholders.fill(video < 0 ? text : text.substring(video + VIDEO.length()), values));
    }

    /** Reads the reply to a task's question. */
    public ParsedReply read(Task task, String reply) {
        return parser.read(replies, task, reply);
    }

    /** The right reply to {@link #ground}. */
    public String reply(Interval interval) {
        return replies.written(interval);
    }

    /** The right reply to {@link #list}. */
    public String reply(List<Interval> intervals) {
        return replies.written(intervals);
    }

    /** The right reply to {@link #choice}, with all intervals if the form can state several, else with the longest. */
    public String reply(String letter, List<Interval> intervals) {
        return replies.written(letter, intervals);
    }

    /** Seconds with one decimal, half to even on the exact binary value, as Python's {@code {t:.1f}} gives them. */
    public static String time(double seconds) {
        return ReplyFormat.time(seconds, 1);
    }
}
