import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes a container image of a folder, above the settings of an image without layers, to a tar file: ContainerImage BASE ROOT NAME TAR. */
public class ContainerImage {
    private static final String HOME = "/opt/videotg";

    public static void main(String[] arguments) throws Exception {
        Path root = Path.of(arguments[1]);
        Jib.from(TarImage.at(Path.of(arguments[0])))
                .addFileEntriesLayer(layer("system", root, path -> !path.startsWith("opt")))
                .addFileEntriesLayer(layer("program", root, path -> path.startsWith("opt")))
                .setEnvironment(Map.of(
                        "LC_ALL", "C.UTF-8",
                        "LD_LIBRARY_PATH", HOME + "/natives",
                        "OMP_WAIT_POLICY", "passive",
                        "OPENBLAS_NUM_THREADS", "1",
                        "VIDEOTG_CACHE", "/tmp/videotg",
                        "RUST_LIBRARY_PATH", HOME + "/natives/libtokenizers.so"))
                .setUser("10001:10001")
                .setExposedPorts(Set.of(Port.tcp(8080)))
                .setWorkingDirectory(AbsoluteUnixPath.get("/work"))
                .setEntrypoint(List.of(
                        HOME + "/runtime/bin/java",
                        "-XX:+UseSerialGC",
                        "-Xshare:auto",
                        "-Dfile.encoding=UTF-8",
                        "-Dvideotg.home=" + HOME,
                        "-Dorg.bytedeco.javacpp.findLibraries=false",
                        "-cp",
                        HOME + "/lib/*",
                        "org.videotg.app.command.VideoTg"))
                .setProgramArguments(List.of("--help"))
                .containerize(Containerizer.to(TarImage.at(Path.of(arguments[3])).named(arguments[2])));
    }

    private interface Which {
        boolean takes(Path relative);
    }

    private static FileEntriesLayer layer(String name, Path root, Which which) throws IOException {
        FileEntriesLayer.Builder layer = FileEntriesLayer.builder().setName(name);
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted().filter(file -> !file.equals(root)).forEach(file -> {
                Path relative = root.relativize(file);
                if (which.takes(relative)) {
                    add(layer, file, relative);
                }
            });
        }
        return layer.build();
    }

    private static void add(FileEntriesLayer.Builder layer, Path file, Path relative) {
        AbsoluteUnixPath path = AbsoluteUnixPath.get("/" + relative.toString().replace('\\', '/'));
        try {
            FilePermissions permissions = relative.toString().equals("tmp") || relative.toString().equals("work")
                    ? FilePermissions.fromOctalString("777")
                    : FilePermissions.fromPosixFilePermissions(Files.getPosixFilePermissions(file));
            layer.addEntry(file, path, permissions);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
