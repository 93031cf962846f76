package org.videotg.app.command;

import java.util.concurrent.Callable;
import org.videotg.core.prompt.PromptTemplate;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints prompt templates, so that a user can copy and edit one. */
@Command(
        name = "prompt",
        description = {
            "List the prompt templates that come with videotg, or print the file of one.",
            "A copy can be edited, and its path given wherever a template is named: in recipes and with --prompt."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg prompt timer1 > mine.yaml",
            "  ./videotg eval --data test.jsonl --out OUT --prompt mine.yaml"
        })
final class PromptCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "a template; without it their names are listed")
    private String name;

    @Override
    public Integer call() {
        if (name == null) {
            PromptTemplate.names().forEach(System.out::println);
        } else {
            System.out.print(PromptTemplate.source(name));
        }
        return 0;
    }
}
