package org.videotg.models.hub;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A repository's name on a hub, {@code organisation/name} or {@code organisation/name@revision}.
 *
 * @param kind what the repository holds
 * @param repository {@code organisation/name}
 * @param revision a branch, a tag or a commit; {@code main} if none is given
 */
public record HubName(Kind kind, String repository, String revision) {
    private static final String DEFAULT_REVISION = "main";
    private static final String PART = "[A-Za-z0-9_](?:[\\w.-]*[A-Za-z0-9_])?";
    private static final Pattern FORM = Pattern.compile("(" + PART + "/" + PART + ")(?:@([A-Za-z0-9_][\\w.+/-]*))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final int LONGEST = 96;

    /** What a repository holds. */
    public enum Kind {
        MODEL("model", ""),
        DATASET("dataset", "datasets/");

        private final String word;
        private final String prefix;

        Kind(String word, String prefix) {
            this.word = word;
            this.prefix = prefix;
        }

        /** In words. */
        public String word() {
            return word;
        }
    }

    public HubName {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(revision, "revision");
        if (!isValid(repository + "@" + revision)) {
            throw new IllegalArgumentException(repository + "@" + revision + " is not a name on a hub");
        }
    }

    /** A model. */
    public HubName(String repository, String revision) {
        this(Kind.MODEL, repository, revision);
    }

    /** Returns whether a text has this form; a path with more or fewer slashes than one has not. */
    public static boolean isValid(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                && matcher.group(1).length() <= LONGEST
                && !matcher.group(1).contains("--")
                && !text.contains("..")
                && !text.contains("//")
                && !text.endsWith("/")
                && !text.endsWith(".lock");
    }

    /**
     * A model's name.
     *
     * @throws IllegalArgumentException unless {@link #isValid}
     */
    public static HubName of(String text) {
        return of(Kind.MODEL, text);
    }

    /** @throws IllegalArgumentException unless {@link #isValid} */
    public static HubName of(Kind kind, String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text + " is not a name on a hub");
        }
        return new HubName(kind, matcher.group(1), matcher.group(2) == null ? DEFAULT_REVISION : matcher.group(2));
    }

    /** Returns whether the revision is a commit, whose files never change. */
    public boolean isCommit() {
        return isCommit(revision);
    }

    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /** Name of the repository's folder in the cache. */
    String folder() {
        return kind.word + "s--" + repository.replace("/", "--");
    }

    /** Where the hub's interface has it, without a slash at the start. */
    String apiPath() {
        return "api/" + kind.word + "s/" + repository;
    }

    /** Where its page and files are, without a slash at the start. */
    String pagePath() {
        return kind.prefix + repository;
    }

    @Override
    public String toString() {
        return pagePath() + (revision.equals(DEFAULT_REVISION) ? "" : "@" + revision);
    }
}
