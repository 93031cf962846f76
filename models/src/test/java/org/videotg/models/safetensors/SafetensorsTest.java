package org.videotg.models.safetensors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.videotg.core.io.InputException;
import org.videotg.models.tensor.NativeRuntime;
import org.videotg.models.tensor.Tensors;

class SafetensorsTest {
    @TempDir
    Path folder;

    @Test
    void whatWasWrittenIsReadInEveryType() {
        NativeRuntime.load();
        Path file = folder.resolve("a.safetensors");
        try (PointerScope scope = new PointerScope()) {
            float[] values = {1.5f, -2, 0.25f, 1024, 0, -0.5f};
            SafetensorsWriter.write(
                    file, Map.of("x", Tensors.floats(values, 2, 3).to(torch.ScalarType.BFloat16)), Map.of("k", "v"));
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                assertArrayEquals(new long[] {2, 3}, open.shape("x"));
                assertEquals("v", open.metadata().get("k"));
                assertArrayEquals(values, Tensors.toFloats(open.tensor("x", torch.ScalarType.Float)));
                assertEquals(
                        SafetensorsDtype.BF16,
                        SafetensorsDtype.of(open.tensor("x").scalar_type()));
                assertThrows(InputException.class, () -> open.tensor("y"));
            }
        }
    }

    /** Mapped, the first would end the process. */
    @Test
    void aFileThatIsOverwrittenInPlaceWhileItIsReadIsAnError() throws IOException {
        NativeRuntime.load();
        for (String change : List.of("cut", "overwritten")) {
            Path file = folder.resolve(change + ".safetensors");
            try (PointerScope scope = new PointerScope()) {
                SafetensorsWriter.write(file, Map.of("x", Tensors.floats(new float[1 << 20], 1 << 20)), Map.of());
                Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000));
                try (SafetensorsFile open = SafetensorsFile.open(file)) {
                    if (change.equals("cut")) {
                        Files.write(file, new byte[100]);
                    } else {
                        Files.write(file, new byte[(int) Files.size(file)]);
                    }
                    String message = assertThrows(InputException.class, () -> open.tensor("x"))
                            .getMessage();
                    assertTrue(
                            message.matches(
                                    ".*\\.safetensors: it was (changed|truncated) while being read; run the command again"),
                            message);
                }
            }
        }
    }

    @Test
    void aFileThatIsReplacedWhileItIsReadIsReadToItsEnd() throws IOException {
        NativeRuntime.load();
        Path file = folder.resolve("replaced.safetensors");
        try (PointerScope scope = new PointerScope()) {
            SafetensorsWriter.write(file, Map.of("x", Tensors.floats(new float[] {1, 2}, 2)), Map.of());
            try (SafetensorsFile open = SafetensorsFile.open(file)) {
                SafetensorsWriter.write(file, Map.of("x", Tensors.floats(new float[] {3, 4}, 2)), Map.of());
                assertArrayEquals(new float[] {1, 2}, Tensors.toFloats(open.tensor("x")));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,4]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                "{\"x\":{\"dtype\":\"F9\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,4],\"data_offsets\":[0,8]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"y\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"x\":7}",
                "[]",
                "{",
                "null",
                "nonsense",
                "{\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\\nb\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}"
            })
    void anUnsoundHeaderIsRefusedInOneLine(String header) throws Exception {
        Path file = folder.resolve("bad.safetensors");
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        Files.write(
                file,
                ByteBuffer.allocate(8 + json.length + 8)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(json.length)
                        .put(json)
                        .array());
        String message = assertThrows(InputException.class, () -> SafetensorsFile.open(file))
                .getMessage();
        assertTrue(message.startsWith(file.toString()) && !message.contains("\n"), message);
    }

    @Test
    void aHeaderThatClaimsTenGigabytesAllocatesNothing() throws Exception {
        Path file = folder.resolve("huge.safetensors");
        Files.write(
                file,
                ByteBuffer.allocate(16)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .putLong(10_000_000_000L)
                        .array());
        assertThrows(InputException.class, () -> SafetensorsFile.open(file));
        Files.write(file, new byte[3]);
        assertThrows(InputException.class, () -> SafetensorsFile.open(file));
        assertThrows(InputException.class, () -> SafetensorsFile.open(folder.resolve("none")));
    }

    @Test
    void noHeaderOfTwentyThousandGetsPastTheDeclaredException() {
        HeaderFuzz.Outcome outcome = HeaderFuzz.run(1, 0, 20_000);
        assertEquals(List.of(), outcome.surprises());
        assertTrue(
                outcome.read() > 4_000 && outcome.refused() > 8_000,
                outcome.read() + " read, " + outcome.refused() + " refused");
    }

    /** What the file claims to hold is there, a hundred megabytes of it, and none of it is kept. */
    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", " ", "\"", "{\"__metadata__\":{},"})
    void longHeadersOfOnePieceEndEarlyOrCostNothing(String piece) {
        byte[] unit = piece.getBytes(StandardCharsets.UTF_8);
        long length = SafetensorsHeader.MAX_HEADER;
        byte[] field = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(0, length)
                .array();
        InputStream endless = new InputStream() {
            private long at;

            @Override
            public int read() {
                int value = at < 8 ? field[(int) at] & 0xff : unit[(int) ((at - 8) % unit.length)];
                at++;
                return value;
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                for (int i = 0; i < length; i++) {
                    bytes[offset + i] = (byte) read();
                }
                return length;
            }
        };
        String message = assertThrows(
                        InputException.class,
                        () -> SafetensorsHeader.read(Channels.newChannel(endless), 8 + length, "long"))
                .getMessage();
        assertTrue(message.startsWith("long: ") && !message.contains("\n"), message);
    }

    @Test
    void everyTypeIsConvertedWhileItIsReadAndWritten() {
        NativeRuntime.load();
        Path file = folder.resolve("types.safetensors");
        try (PointerScope scope = new PointerScope()) {
            // More elements than are converted at a time, and a transposed view.
            int rows = 3000;
            float[] values = new float[rows * 1500];
            for (int i = 0; i < values.length; i++) {
                values[i] = (i % 255) - 127;
            }
            Tensor tensor = Tensors.floats(values, 1500, rows).transpose(0, 1);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            tensors.put("x", tensor);
            tensors.put("empty", Tensors.zeros(0, 7));
            for (torch.ScalarType type :
                    List.of(torch.ScalarType.Float, torch.ScalarType.Half, torch.ScalarType.BFloat16)) {
                SafetensorsWriter.write(file, tensors, each -> type, Map.of());
                try (SafetensorsFile open = SafetensorsFile.open(file)) {
                    assertEquals(SafetensorsDtype.of(type), open.dtype("x"));
                    for (torch.ScalarType to :
                            List.of(torch.ScalarType.Float, torch.ScalarType.Half, torch.ScalarType.BFloat16)) {
                        Tensor read = open.tensor("x", to);
                        assertEquals(SafetensorsDtype.of(to), SafetensorsDtype.of(read.scalar_type()));
                        assertTrue(torch.equal(read.to(torch.ScalarType.Float), tensor), type + " to " + to);
                    }
                    assertArrayEquals(new long[] {0, 7}, Tensors.shape(open.tensor("empty", torch.ScalarType.Float)));
                }
            }
        }
    }
}
