package org.videotg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.InputException;
import org.videotg.models.Model;
import org.videotg.models.ModelFolder;

/**
 * Opens every checkpoint in a folder, for comparison with transformers by {@code bench/reference/unusual.py}: {@code
 * ExportFolders FOLDER OUT}. {@code OUT/NAME} holds what {@link ExportLogits} writes of a checkpoint, in float32, or
 * {@code refusal.txt}.
 */
public final class ExportFolders {
    private ExportFolders() {}

    public static void main(String[] arguments) throws Exception {
        Program.run("ExportFolders FOLDER OUT", arguments, ExportFolders::run);
    }

    private static void run(String[] arguments) throws IOException {
        try (Stream<Path> folders = Files.list(Path.of(arguments[0]))) {
            for (Path checkpoint : folders.filter(Files::isDirectory).sorted().toList()) {
                Path out = Path.of(arguments[1]).resolve(checkpoint.getFileName());
                try (ModelFolder folder = ModelFolder.open(checkpoint);
                        Model model = folder.load(torch.ScalarType.Float)) {
                    ExportLogits.answer(folder, model, out);
                } catch (InputException e) {
                    AtomicFiles.writeString(out.resolve("refusal.txt"), e.getMessage());
                }
            }
        }
    }
}
