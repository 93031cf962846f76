package org.videotg.training.distributed;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A rank, as messages and manifests name it.
 *
 * @param process id
 * @param version of this program and of libtorch
 */
public record RankName(int rank, String host, long process, String version) {
    static RankName of(int rank, String version) {
        return new RankName(rank, thisHost(), ProcessHandle.current().pid(), version);
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // The message of the failed look-up begins with the name.
            return String.valueOf(e.getMessage()).split(":", 2)[0];
        }
    }

    @Override
    public String toString() {
        return "rank " + rank + " (host " + host + ", process " + process + ")";
    }
}
