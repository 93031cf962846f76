package org.videotg.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.InputException;
import org.videotg.models.checkpoint.ModelParameters;
import org.videotg.models.checkpoint.WeightsReader;
import org.videotg.models.checkpoint.WeightsWriter;
import org.videotg.models.safetensors.SafetensorsDtype;
import org.videotg.models.tensor.NativeRuntime;

/**
 * Measures the peak resident memory of loading weights: {@code LoadMemory FOLDER make MEBIBYTES DTYPE} writes random
 * weights in four shards, {@code LoadMemory FOLDER load DTYPE} loads them and prints the peak above the memory of the
 * process before, with libtorch loaded, in bytes and relative to the loaded weights. Linux only: it reads
 * /proc/self/status.
 */
public final class LoadMemory {
    private static final long ROW = 4096;

    private LoadMemory() {}

    public static void main(String[] arguments) throws Exception {
        boolean make = arguments.length > 1 && arguments[1].equals("make");
        Program.run(
                make ? "LoadMemory FOLDER make MEBIBYTES DTYPE" : "LoadMemory FOLDER load DTYPE",
                arguments,
                LoadMemory::run);
    }

    private static void run(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        NativeRuntime.load();
        if (arguments[1].equals("make")) {
            make(
                    folder,
                    Long.parseLong(arguments[2]) << 20,
                    SafetensorsDtype.valueOf(arguments[3].toUpperCase(Locale.ROOT)));
        } else {
            load(folder, SafetensorsDtype.valueOf(arguments[2].toUpperCase(Locale.ROOT)));
        }
    }

    /** Writes matrices of 4096 columns, 1 to 64 MiB each, with one vector each. */
    private static void make(Path folder, long bytes, SafetensorsDtype dtype) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (PointerScope scope = new PointerScope()) {
            long left = bytes / dtype.bytes();
            for (int i = 0; left > 0; i++) {
                long rows = Math.max(1, Math.min(left / ROW, (1L << 20) * (1 + i * 7 % 64) / dtype.bytes() / ROW));
                tensors.put("layers." + i + ".weight", torch.randn(rows, ROW).to(dtype.scalarType()));
                tensors.put("layers." + i + ".norm", torch.randn(ROW).to(dtype.scalarType()));
                left -= (rows + 1) * ROW;
            }
            try (ModelParameters parameters = new ModelParameters(folder.toString(), tensors)) {
                new WeightsWriter(Optional.empty(), bytes / 4).save(folder, parameters);
            }
        }
    }

    private static void load(Path folder, SafetensorsDtype dtype) throws IOException {
        try (PointerScope scope = new PointerScope()) {
            // Loads the code of the conversion.
            torch.randn(64).to(torch.ScalarType.BFloat16).to(dtype.scalarType());
        }
        // Resets the peak to the resident memory.
        Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        long before = kilobytes("VmRSS");
        long started = System.nanoTime();
        try (ModelParameters parameters = WeightsReader.load(folder, dtype.scalarType())) {
            double seconds = (System.nanoTime() - started) / 1e9;
            long peak = kilobytes("VmHWM") - before;
            long weights = (parameters.count() * dtype.bytes()) >> 10;
            System.out.println(String.format(
                    Locale.ROOT,
                    "%s to %s: weights %d MiB, resident before %d MiB, peak above that %d MiB = %.3f"
                            + " of the weights, after loading %d MiB, %.1f s",
                    folder,
                    dtype,
                    weights >> 10,
                    before >> 10,
                    peak >> 10,
                    (double) peak / weights,
                    (kilobytes("VmRSS") - before) >> 10,
                    seconds));
        }
    }

    static long kilobytes(String field) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith(field + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElseThrow(() -> new InputException("/proc/self/status has no " + field + "; run this on Linux"));
    }
}
