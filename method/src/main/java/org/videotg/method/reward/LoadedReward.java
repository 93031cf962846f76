package org.videotg.method.reward;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.videotg.core.io.InputException;
import org.videotg.core.reply.ParsedReply;
import org.videotg.core.sample.Sample;

/** {@code class:NAME}, a {@link CustomReward} from the class path. Errors name the class. */
record LoadedReward(String className, CustomReward function) implements Reward {
    static final String PREFIX = "class:";

    private static final Map<String, LoadedReward> LOADED = new ConcurrentHashMap<>();

    /** The reward of that class, made once in a process. */
    static LoadedReward named(String className) {
        LoadedReward known = LOADED.get(className);
        return known != null ? known : LOADED.computeIfAbsent(className, name -> new LoadedReward(name, make(name)));
    }

    @Override
    public String id() {
        return PREFIX + className;
    }

    @Override
    public double score(Sample sample, ParsedReply reply) {
        double score;
        try {
            score = function.score(sample, reply);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            throw new InputException(
                    "reward class " + className + " failed on sample \"" + sample.id() + "\": " + brief(e), e);
        }
        if (!Double.isFinite(score)) {
            throw new InputException("reward class " + className + " gave " + score + " for sample \"" + sample.id()
                    + "\"; a reward must be a finite number");
        }
        return score;
    }

    private static CustomReward make(String name) {
        Class<?> type = load(name);
        if (!CustomReward.class.isAssignableFrom(type)) {
            throw new InputException("reward class " + name + " does not implement " + CustomReward.class.getName());
        }
        if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
            throw new InputException("reward class " + name + " is abstract; name a concrete class");
        }
        try {
            return (CustomReward) type.getConstructor().newInstance();
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new InputException(
                    "reward class " + name + " must be public and have a public constructor without parameters", e);
        } catch (InvocationTargetException e) {
            throw new InputException("reward class " + name + " failed in its constructor: " + brief(e.getCause()), e);
        } catch (InstantiationException | LinkageError e) {
            throw new InputException("reward class " + name + " can't be instantiated: " + brief(e), e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name);
        } catch (ClassNotFoundException e) {
            throw new InputException(
                    "reward class " + name
                            + " is not on the class path; put its jar or folder into VIDEOTG_CLASSPATH and name it with its package",
                    e);
        } catch (LinkageError e) {
            throw new InputException("reward class " + name + " can't be loaded: " + brief(e), e);
        }
    }

    private static String brief(Throwable e) {
        Throwable root = e instanceof ExceptionInInitializerError && e.getCause() != null ? e.getCause() : e;
        String message = root.getMessage() == null
                ? ""
                : root.getMessage().lines().findFirst().orElse("");
        return root.getClass().getSimpleName() + (message.isEmpty() ? "" : " (" + message + ")");
    }
}
