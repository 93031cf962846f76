package org.videotg.training.tensorboard;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.videotg.video.Png;
import org.videotg.video.RgbImage;

/**
 * Messages of TensorBoard's {@code event.proto}, {@code summary.proto} and {@code tensor.proto}, as bytes. Field numbers
 * are those of these files.
 */
final class Event {
    static final String VERSION = "brain.Event:2";

    private static final int START = 1;
    private static final int STRING = 7;
    private static final int TENSOR_DATA = 2;
    private static final int RGB = 3;

    private Event() {}

    /** Writes the fields of a message. */
    @FunctionalInterface
    private interface Fields {
        void writeTo(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw new IllegalStateException("a message in memory can't be written", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] event(double time, long step, Fields what) {
        return message(out -> {
            out.writeDouble(1, time);
            out.writeInt64(2, step);
            what.writeTo(out);
        });
    }

    /** The first event of a file. */
    static byte[] version(double time) {
        return event(time, 0, out -> out.writeString(3, VERSION));
    }

    /** Says that steps from this one on are computed anew: readers drop those that earlier files have. */
    static byte[] start(double time, long step) {
        return event(time, step, out -> out.writeByteArray(7, message(session -> session.writeEnum(1, START))));
    }

    static byte[] scalars(double time, long step, Map<String, Double> values) {
        return summary(time, step, summary -> {
            for (Map.Entry<String, Double> value : values.entrySet()) {
                summary.writeByteArray(1, message(out -> {
                    out.writeString(1, value.getKey());
                    out.writeFloat(2, value.getValue().floatValue());
                }));
            }
        });
    }

    /** A table, which TensorBoard shows as text; its first row is the head. */
    static byte[] table(double time, long step, String tag, List<List<String>> rows) {
        byte[] metadata = message(out -> {
            out.writeByteArray(1, message(plugin -> plugin.writeString(1, "text")));
            out.writeEnum(4, TENSOR_DATA);
        });
        byte[] tensor = message(out -> {
            out.writeEnum(1, STRING);
            out.writeByteArray(2, message(shape -> {
                for (int size : new int[] {rows.size(), rows.get(0).size()}) {
                    shape.writeByteArray(2, message(dimension -> dimension.writeInt64(1, size)));
                }
            }));
            for (List<String> row : rows) {
                for (String cell : row) {
                    out.writeString(8, cell);
                }
            }
        });
        return summary(
                time,
                step,
                summary -> summary.writeByteArray(1, message(out -> {
                    out.writeString(1, tag);
                    out.writeByteArray(8, tensor);
                    out.writeByteArray(9, metadata);
                })));
    }

    static byte[] picture(double time, long step, String tag, RgbImage picture) {
        byte[] image = message(out -> {
            out.writeInt32(1, picture.height());
            out.writeInt32(2, picture.width());
            out.writeInt32(3, RGB);
            out.writeByteArray(4, Png.encode(picture));
        });
        return summary(
                time,
                step,
                summary -> summary.writeByteArray(1, message(out -> {
                    out.writeString(1, tag);
                    out.writeByteArray(4, image);
                })));
    }

    private static byte[] summary(double time, long step, Fields values) {
        return event(time, step, out -> out.writeByteArray(5, message(values)));
    }
}
