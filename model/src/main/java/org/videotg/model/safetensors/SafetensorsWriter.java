package org.videotg.model.safetensors;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.videotg.core.io.AtomicFiles;
import org.videotg.core.io.Json;

/** Writes tensors in the order given, each in its own type; the file appears whole or not at all. */
public final class SafetensorsWriter {
    private SafetensorsWriter() {}

    public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata) {
        ObjectNode header = Json.MAPPER.createObjectNode();
        if (!metadata.isEmpty()) {
            header.set("__metadata__", Json.MAPPER.valueToTree(metadata));
        }
        long at = 0;
        for (Map.Entry<String, Tensor> named : tensors.entrySet()) {
            Tensor tensor = named.getValue();
            Dtype dtype = Dtype.of(tensor.scalar_type());
            ObjectNode entry = header.putObject(named.getKey()).put("dtype", dtype.name());
            long[] shape = new long[(int) tensor.dim()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = tensor.size(i);
            }
            entry.set("shape", Json.MAPPER.valueToTree(shape));
            entry.putArray("data_offsets").add(at).add(at += tensor.numel() * dtype.bytes());
        }
        byte[] json = Json.line(header).getBytes(StandardCharsets.UTF_8);
        int padded = (json.length + 7) / 8 * 8;
        AtomicFiles.write(file, temporary -> {
            try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(json);
                while (head.hasRemaining()) {
                    head.put((byte) ' ');
                }
                writeAll(out, head.flip());
                for (Tensor tensor : tensors.values()) {
                    writeTensor(out, tensor);
                }
                out.force(true);
            }
        });
    }

    private static void writeTensor(FileChannel out, Tensor tensor) throws IOException {
        try (Tensor detached = tensor.detach(); Tensor plain = detached.contiguous(); Pointer data = plain.data_ptr()) {
            long bytes = plain.numel() * Dtype.of(plain.scalar_type()).bytes();
            for (long from = 0; from < bytes; from += 1 << 30) {
                long count = Math.min(1 << 30, bytes - from);
                try (BytePointer part = new BytePointer(data)) {
                    writeAll(out, part.position(from).limit(from + count).asByteBuffer());
                }
            }
        }
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
