package org.videotg.app.command;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.videotg.core.config.Settings;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Limit;
import org.videotg.core.mllm.Backend;
import org.videotg.core.run.NativeSettings;
import org.videotg.core.run.Stop;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 success, 1 bad input or failure, 2 wrong usage. */
@Command(
        name = "videotg",
        mixinStandardHelpOptions = true,
        versionProvider = VideoTg.Version.class,
        scope = ScopeType.INHERIT,
        usageHelpWidth = 110,
        usageHelpAutoWidth = true,
        sortOptions = false,
        synopsisHeading = "Usage: ",
        descriptionHeading = "%n",
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n")
public final class VideoTg implements Runnable {
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            InitCommand.class,
            RunCommand.class,
            GroundCommand.class,
            ServeCommand.class,
            WorldCommand.class,
            ConvertCommand.class,
            ReflectCommand.class,
            DifficultyCommand.class,
            SelectCommand.class,
            CurateCommand.class,
            ReviewCommand.class,
            FeaturesCommand.class,
            TrainCommand.class,
            WatchCommand.class,
            RecipeCommand.class,
            EvalCommand.class,
            MergeCommand.class,
            ScoreCommand.class,
            ReportCommand.class,
            PushCommand.class,
            VerifyCommand.class,
            PretrainCommand.class,
            PromptCommand.class,
            DoctorCommand.class,
            AutoComplete.GenerateCompletion.class);

    private static final String SAVE_MEMORY =
            "to need less, use --video max_pixels=N or fps=N, fewer --max-tokens or samples, or --dtype bfloat16";

    private static final int LONGEST_ERROR = 2000;
    private static final Pattern LONG_OPTION = Pattern.compile("--[a-z][a-z-]*");

    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "print the stack trace of an error")
    private boolean debug;

    @CommandLine.Spec
    private CommandSpec spec;

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = VideoTg.class.getPackage().getImplementationVersion();
            return new String[] {"videotg " + (version == null ? "(not packaged)" : version)};
        }
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "no command given; known: "
                        + String.join(", ", spec.subcommands().keySet()));
    }

    /** The program with all commands, or, which is faster, with the one alone that these arguments begin with. */
    public static CommandLine line(String... arguments) {
        List<Class<?>> named = COMMANDS.stream()
                .filter(command -> arguments.length > 0
                        && arguments[0].equals(
                                command.getAnnotation(Command.class).name())
                        && command != AutoComplete.GenerateCompletion.class)
                .toList();
        CommandLine line = new CommandLine(new VideoTg());
        (named.isEmpty() ? COMMANDS : named).forEach(line::addSubcommand);
        return line;
    }

    /**
     * Runs a command line in this process; output goes to {@code System.out} and {@code System.err}.
     *
     * @return exit code
     */
    public static int run(String... arguments) {
        CommandLine line = line(arguments);
        line.getCommandSpec()
                .usageMessage()
                .description("Video temporal grounding with clean, difficulty-graded training data: "
                        + "find when something happens in a video, and train models to find it.");
        line.getCommandSpec()
                .usageMessage()
                .footer(
                        "",
                        "Start with:  ./videotg demo",
                        "Help on a command:  ./videotg COMMAND --help",
                        "A text that begins with a hyphen follows --:  ./videotg ground clip.mp4 -- \"-5 degrees\"");
        line.setOut(new PrintWriter(System.out, true, Charset.defaultCharset()));
        line.setErr(new PrintWriter(System.err, true, Charset.defaultCharset()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(VideoTg::wrongUsage);
        line.setExecutionExceptionHandler(VideoTg::failed);
        try {
            Limit.checkProperties();
            return line.execute(arguments);
        } catch (InputException e) {
            line.getErr().println("error: " + oneLine(e.getMessage()));
        } catch (OutOfMemoryError e) {
            line.getErr()
                    .println("error: Java's heap is full (" + oneLine(e.getMessage())
                            + "); give it more: VIDEOTG_JAVA_OPTS=-Xmx8g ./videotg ...");
        } catch (LinkageError e) {
            line.getErr()
                    .println("error: a library can't be loaded (" + oneLine(e.toString()) + "); run ./videotg doctor");
        }
        return ExitCode.SOFTWARE;
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        CommandLine line = e.getCommandLine();
        line.getErr()
                .println("error: " + oneLine(e.getMessage()) + advice(e, arguments) + "; see ./"
                        + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    /** The command or option that was meant, or how to give a text such as "-5 degrees", which looks like an option. */
    private static String advice(ParameterException e, String[] arguments) {
        CommandSpec command = e.getCommandLine().getCommandSpec();
        Optional<String> hyphen = unknownOption(command, arguments);
        if (hyphen.isPresent() && !LONG_OPTION.matcher(hyphen.get()).matches()) {
            return "; put -- before the first text that begins with a hyphen";
        }
        List<String> unmatched = e instanceof UnmatchedArgumentException found ? found.getUnmatched() : List.of();
        return hyphen.map(option -> Settings.nearest(option, options(command)))
                .orElseGet(() -> unmatched.stream()
                        .findFirst()
                        .flatMap(name ->
                                Settings.nearest(name, command.subcommands().keySet())))
                .or(() -> e instanceof UnmatchedArgumentException found
                        ? found.getSuggestions().stream().findFirst()
                        : Optional.empty())
                .map(meant -> "; did you mean " + meant + "?")
                .orElse("");
    }

    /** The first argument before {@code --} that looks like an option, is none, and is not the value of one. */
    private static Optional<String> unknownOption(CommandSpec command, String[] arguments) {
        Set<String> known = options(command);
        boolean value = false;
        for (String argument : arguments) {
            if (argument.equals("--")) {
                break;
            }
            String name = argument.replaceFirst("=.*", "");
            OptionSpec option = command.findOption(name);
            if (!value && argument.matches("-.+") && !known.contains(name)) {
                return Optional.of(name);
            }
            value = option != null && option.arity().max() > 0 && !argument.contains("=");
        }
        return Optional.empty();
    }

    private static Set<String> options(CommandSpec command) {
        Set<String> names = new TreeSet<>(command.optionsMap().keySet());
        names.addAll(command.negatedOptionsMap().keySet());
        return names;
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        if (Stop.isRequested()) {
            return ExitCode.SOFTWARE;
        }
        VideoTg program = line.getCommandSpec().root().userObject() instanceof VideoTg found ? found : new VideoTg();
        Optional<String> memory = Backend.explainFailure(e);
        String message = e instanceof InputException
                ? e.getMessage()
                : memory.isPresent()
                        ? memory.get() + "; " + SAVE_MEMORY
                        : "a defect of this program: " + e
                                + (program.debug ? "" : "; run it again with --debug and report what it prints");
        line.getErr().println("error: " + oneLine(message));
        if (program.debug) {
            e.printStackTrace(line.getErr());
        }
        return ExitCode.SOFTWARE;
    }

    /** The command line as it was given, for manifests. */
    static List<String> arguments(CommandSpec spec) {
        List<String> command = new ArrayList<>(List.of("videotg"));
        command.addAll(spec.root().commandLine().getParseResult().originalArgs());
        return command;
    }

    /** A message as one line; a long one, which quotes a value of a file, is cut. */
    static String oneLine(String message) {
        String line = String.valueOf(message)
                .lines()
                .map(String::strip)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining(" "));
        return line.length() <= LONGEST_ERROR ? line : line.substring(0, LONGEST_ERROR - 3) + "...";
    }

    public static void main(String[] arguments) {
        try {
            NativeSettings.apply();
        } catch (InputException e) {
            System.err.println("error: " + oneLine(e.getMessage()));
            Stop.exit(ExitCode.SOFTWARE);
        }
        Stop.handleSignals();
        Stop.exit(run(arguments));
    }
}
