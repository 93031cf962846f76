package org.videotg.benchmarks.annotation;

import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/** Decompression of Parquet's pages without native libraries, and of no page larger than {@link #LARGEST_PAGE}. */
final class ParquetCodecs implements CompressionCodecFactory {
    /** Bytes of a page; pyarrow's pages have 1 MiB. */
    static final int LARGEST_PAGE = 64 << 20;

    @Override
    public BytesInputCompressor getCompressor(CompressionCodecName codec) {
        throw new UnsupportedOperationException("files are only read");
    }

    @Override
    public BytesInputDecompressor getDecompressor(CompressionCodecName codec) {
        return switch (codec) {
            case UNCOMPRESSED -> new Pages((in, size) -> in);
            case GZIP -> new Pages(ParquetCodecs::gunzip);
            case SNAPPY -> new Pages((in, size) -> decompress(new SnappyDecompressor(), in, size));
            case ZSTD -> new Pages((in, size) -> decompress(new ZstdDecompressor(), in, size));
            case LZ4_RAW -> new Pages((in, size) -> decompress(new Lz4Decompressor(), in, size));
            default ->
                throw new FileRow.Problem("is compressed with " + codec
                        + "; write it with snappy, zstd, gzip or lz4, or without compression");
        };
    }

    @Override
    public void release() {
        // Nothing is kept.
    }

    private interface Codec {
        byte[] decompress(byte[] in, int size) throws IOException;
    }

    private static byte[] decompress(Decompressor decompressor, byte[] in, int size) {
        byte[] out = new byte[size];
        return decompressor.decompress(in, 0, in.length, out, 0, size) == size ? out : new byte[0];
    }

    private static byte[] gunzip(byte[] in, int size) throws IOException {
        try (InputStream stream = new GZIPInputStream(new ByteArrayInputStream(in))) {
            return stream.readNBytes(size);
        }
    }

    /** @param codec gets the compressed bytes and the size to reach */
    private record Pages(Codec codec) implements BytesInputDecompressor {
        @Override
        public BytesInput decompress(BytesInput bytes, int size) throws IOException {
            ByteArrayOutputStream in = new ByteArrayOutputStream();
            bytes.writeAllTo(in);
            return BytesInput.from(page(in.toByteArray(), size));
        }

        @Override
        public void decompress(ByteBuffer input, int compressed, ByteBuffer output, int size) throws IOException {
            byte[] bytes = new byte[compressed];
            input.get(bytes);
            output.put(page(bytes, size));
        }

        private byte[] page(byte[] in, int size) throws IOException {
            if (size < 0 || size > LARGEST_PAGE) {
                throw new FileRow.Problem("has a page of " + size + " bytes; at most " + LARGEST_PAGE + " are read");
            }
            byte[] out = codec.decompress(in, size);
            if (out.length != size) {
                throw new IOException("a page has another size than stated");
            }
            return out;
        }

        @Override
        public void release() {
            // Nothing is kept.
        }
    }
}
