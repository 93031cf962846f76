package org.videotg.app.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.videotg.app.project.Project;
import org.videotg.client.ServerSettings;
import org.videotg.core.config.SettingsPage;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.method.difficulty.DifficultySettings;
import org.videotg.method.reflection.ReflectionSettings;
import org.videotg.method.selection.SelectionSettings;
import org.videotg.smallworld.pretrain.PretrainRecipe;
import org.videotg.training.recipe.Recipe;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the keys of recipes and settings, and writes them into the documentation. */
@Command(
        name = "recipe",
        description = "Print every key of a recipe or of other settings, with type, default and meaning.",
        footer = {"", "Example:", "  ./videotg recipe reflection"})
final class RecipeCommand implements Callable<Integer> {
    private static final Map<String, Class<? extends Record>> KINDS = new LinkedHashMap<>();

    static {
        KINDS.put("train", Recipe.class);
        KINDS.put("reflection", ReflectionSettings.class);
        KINDS.put("difficulty", DifficultySettings.class);
        KINDS.put("selection", SelectionSettings.class);
        KINDS.put("project", Project.class);
        KINDS.put("pretrain", PretrainRecipe.class);
        KINDS.put("server", ServerSettings.class);
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "KIND",
            defaultValue = "train",
            description = "train (default), reflection, difficulty, selection, project, pretrain or server")
    private String kind;

    @Option(names = "--schema", description = "print a JSON schema for editors instead of a table")
    private boolean schema;

    @Option(names = "--docs", hidden = true, paramLabel = "DIR", description = "write into recipes.md of that folder")
    private Path docs;

    @Override
    public Integer call() {
        Class<? extends Record> type = KINDS.get(kind);
        if (type == null) {
            throw new InputException("unknown kind \"" + kind + "\"; known: " + String.join(", ", KINDS.keySet()));
        }
        if (docs != null) {
            AtomicFiles.writeString(
                    docs.resolve("recipes.md"), page(AtomicFiles.readString(docs.resolve("recipes.md"))));
            AtomicFiles.writeString(docs.resolve("recipe.schema.json"), schema(Recipe.class, "train"));
        } else {
            System.out.print(schema ? schema(type, kind) : SettingsPage.table(type));
        }
        return 0;
    }

    private static String schema(Class<? extends Record> type, String kind) {
        return Json.pretty(SettingsPage.schema(type, "Settings of videotg: " + kind));
    }

    /** The page with all tables as the records are; what is written around them stays. */
    private static String page(String text) {
        String page = text;
        for (Map.Entry<String, Class<? extends Record>> kind : KINDS.entrySet()) {
            String begin = "<!-- keys of " + kind.getKey() + " -->\n";
            int from = page.indexOf(begin) + begin.length();
            int to = page.indexOf("<!-- end -->", from);
            if (from < begin.length() || to < 0) {
                throw new InputException("recipes.md: the marks around the keys of " + kind.getKey() + " are missing");
            }
            page = page.substring(0, from) + SettingsPage.table(kind.getValue()) + page.substring(to);
        }
        return page;
    }
}
