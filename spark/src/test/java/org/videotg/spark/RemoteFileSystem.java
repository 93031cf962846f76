package org.videotg.spark;

import java.net.URI;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system under another scheme, so that its files have to be copied. */
public final class RemoteFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "remote";

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }
}
