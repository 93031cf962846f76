package org.videotg.models.safetensors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32C;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Checksums;
import org.videotg.core.io.InputException;
import org.videotg.core.io.Json;
import org.videotg.models.tensor.Tensors;

/** Writes tensors in the order given; the file appears whole or not at all. */
public final class SafetensorsWriter {
    /** Elements converted at a time. */
    private static final long STEP = 4L << 20;

    private SafetensorsWriter() {}

    /** Writes each tensor in its own type. */
    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        write(file, tensors, Tensor::scalar_type, metadata);
    }

    /**
     * Writes tensors, converted a part at a time.
     *
     * @param types gives the type of a tensor in the file
     */
    public static void write(
            Path file,
            Map<String, Tensor> tensors,
            Function<Tensor, torch.ScalarType> types,
            Map<String, String> metadata) {
        byte[] head = head(header(tensors, types, metadata), file.toString());
        AtomicFiles.write(file, temporary -> {
            try (FileChannel out = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                writeAll(out::write, ByteBuffer.wrap(head));
                writeTensors(out::write, tensors, types);
            }
        });
    }

    /**
     * The content of a file, to be written elsewhere.
     *
     * @param head length and header
     */
    public record Content(byte[] head, Map<String, Tensor> tensors) {
        /** Returns the content with each tensor in its own type. */
        public static Content of(Map<String, Tensor> tensors, Map<String, String> metadata) {
            return new Content(
                    SafetensorsWriter.head(header(tensors, Tensor::scalar_type, metadata), "tensors"), tensors);
        }

        /** Returns its length in bytes. */
        public long length() {
            return head.length
                    + tensors.values().stream()
                            .mapToLong(tensor -> tensor.numel()
                                    * SafetensorsDtype.of(tensor.scalar_type()).bytes())
                            .sum();
        }

        public void write(WritableByteChannel out) throws IOException {
            writeAll(out::write, ByteBuffer.wrap(head));
            writeTensors(out::write, tensors, Tensor::scalar_type);
        }
    }

    /** Returns the first bytes of a file: the length of the header, and the header, padded. */
    private static byte[] head(byte[] json, String where) {
        int padded = (json.length + 7) / 8 * 8;
        if (padded > SafetensorsHeader.MAX_HEADER) {
            throw new InputException(
                    where + ": a header of " + padded + " bytes is more than the format allows; write more shards");
        }
        ByteBuffer head = ByteBuffer.allocate(8 + padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded)
                .put(json);
        while (head.hasRemaining()) {
            head.put((byte) ' ');
        }
        return head.array();
    }

    /** Returns a CRC-32C of the tensors' names, types, shapes and bytes, in eight hexadecimal digits. */
    public static String checksum(Map<String, Tensor> tensors) {
        CRC32C checksum = new CRC32C();
        checksum.update(header(tensors, Tensor::scalar_type, Map.of()));
        try {
            writeTensors(
                    bytes -> {
                        int count = bytes.remaining();
                        checksum.update(bytes);
                        return count;
                    },
                    tensors,
                    Tensor::scalar_type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Checksums.hex(checksum);
    }

    /** Takes bytes, at least one, and returns how many. */
    @FunctionalInterface
    private interface Sink {
        int write(ByteBuffer bytes) throws IOException;
    }

    private static byte[] header(
            Map<String, Tensor> tensors, Function<Tensor, torch.ScalarType> types, Map<String, String> metadata) {
        ObjectNode header = Json.MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            header.set("__metadata__", Json.MAPPER.valueToTree(metadata));
        }
        long at = 0;
        for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
            Tensor tensor = named.getValue();
            SafetensorsDtype dtype = SafetensorsDtype.of(types.apply(tensor));
            ObjectNode entry = header.putObject(named.getKey()).put("dtype", dtype.name());
            entry.set("shape", Json.MAPPER.valueToTree(Tensors.shape(tensor)));
            entry.putArray("data_offsets").add(at).add(at += tensor.numel() * dtype.bytes());
        }
        return Json.line(header).getBytes(StandardCharsets.UTF_8);
    }

    private static void writeTensors(Sink out, Map<String, Tensor> tensors, Function<Tensor, torch.ScalarType> types)
            throws IOException {
        for (Tensor tensor : tensors.values()) {
            writeTensor(out, tensor, types.apply(tensor));
        }
    }

    private static void writeTensor(Sink out, Tensor tensor, torch.ScalarType type) throws IOException {
        try (PointerScope scope = new PointerScope();
                NoGradGuard noGrad = new NoGradGuard()) {
            Tensor flat = tensor.contiguous().view(-1);
            int bytes = SafetensorsDtype.of(type).bytes();
            for (long from = 0; from < flat.numel(); from += STEP) {
                long count = Math.min(STEP, flat.numel() - from);
                try (PointerScope part = new PointerScope()) {
                    Pointer data = flat.narrow(0, from, count).to(type).cpu().data_ptr();
                    writeAll(out, new BytePointer(data).limit(count * bytes).asByteBuffer());
                }
            }
        }
    }

    private static void writeAll(Sink out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
