package org.videotg.app.command;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.videotg.app.publish.Publication;
import org.videotg.core.io.InputException;
import org.videotg.models.hub.HubName;
import org.videotg.models.hub.HubUpload;
import org.videotg.models.hub.UploadFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Publishes a model, an adapter or a data set on a hub. */
@Command(
        name = "push",
        description = {
            "Push a model, an adapter or a file of samples to a hub, with a card made from what its run wrote down.",
            "Paths of this machine are taken out of what is pushed. The token is HF_TOKEN, or the file that Python's "
                    + "huggingface_hub keeps."
        },
        footer = {
            "",
            "Example:",
            "  ./videotg push runs/mine me/grounder --base Qwen/Qwen3-VL-2B-Instruct --eval runs/mine/eval --dry-run",
            "  ./videotg push runs/mine me/grounder --base Qwen/Qwen3-VL-2B-Instruct --eval runs/mine/eval",
            "  ./videotg push selected.jsonl me/selected --license cc-by-4.0 --selection selection.json"
        })
final class PushCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(PushCommand.class);

    @Parameters(
            index = "0",
            paramLabel = "WHAT",
            description =
                    "folder of a run (its adapter, else its model), of a model or of an adapter; or a file of samples")
    private Path what;

    @Parameters(
            index = "1",
            paramLabel = "NAME",
            description = "repository, OWNER/NAME[@BRANCH]; made if it is not there")
    private String name;

    @Option(
            names = "--base",
            paramLabel = "NAME",
            description = "the base model's name on the hub; default: as the files say")
    private String base;

    @Option(
            names = "--license",
            paramLabel = "ID",
            description = "licence by the hub's identifier; default: that of the base model, where it is known")
    private String license;

    @Option(names = "--eval", paramLabel = "DIR", description = "evaluation whose metrics the card states")
    private Path evaluation;

    @Option(
            names = "--selection",
            paramLabel = "FILE",
            description = "report of select or curate (their --report), which the card states")
    private Path selection;

    @Option(
            names = "--split",
            paramLabel = "NAME",
            defaultValue = "train",
            description = "split of a data set; default: ${DEFAULT-VALUE}")
    private String split;

    @Option(names = "--private", description = "make the repository private, if it is made")
    private boolean hidden;

    @Option(names = "--message", paramLabel = "TEXT", description = "of the commit; default: what is pushed")
    private String message;

    @Option(names = "--dry-run", description = "only show the files and the card; nothing is sent")
    private boolean dryRun;

    @Override
    public Integer call() {
        if (!HubName.isValid(name)) {
            throw new InputException("NAME must be OWNER/NAME, or OWNER/NAME@BRANCH, not \"" + name + "\"");
        }
        HubName repository = HubName.of(name);
        Publication publication = Publication.of(
                what,
                new Publication.Facts(
                        repository.repository(),
                        Optional.ofNullable(base),
                        Optional.ofNullable(license),
                        Optional.ofNullable(evaluation),
                        Optional.ofNullable(selection),
                        split));
        HubName target = new HubName(publication.kind(), repository.repository(), repository.revision());
        publication.notes().forEach(LOG::warn);
        if (dryRun) {
            for (UploadFile file : publication.files()) {
                System.out.println(String.format(Locale.ROOT, "%12d %s", file.size(), file.path()));
            }
            publication.files().get(0).text().ifPresent(card -> System.out.println("\n" + card));
            System.out.println("would push a " + publication.title() + " of "
                    + publication.files().size() + " files to " + target);
            return 0;
        }
        System.out.println(HubUpload.current()
                .push(
                        target,
                        hidden,
                        publication.files(),
                        message == null ? "Push a " + publication.title() + " with videotg" : message));
        return 0;
    }
}
