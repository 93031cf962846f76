package org.videotg.training.distributed;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.videotg.core.io.InputException;

/**
 * Which rank this process is, and where the ranks meet: the environment variables that torchrun sets, and scripts for
 * Slurm and Kubernetes.
 *
 * @param rank from 0
 * @param localRank among the ranks of the same host, from 0; the number of its GPU
 * @param size number of ranks
 * @param address of rank 0
 * @param port at which the ranks meet there
 * @param agentStore whether torchrun's agent keeps the store; otherwise rank 0 does
 * @param attempt of torchrun to start the ranks, from 0
 */
public record RankVariables(
        int rank, int localRank, int size, String address, int port, boolean agentStore, int attempt) {
    private static final String RANK = "RANK";
    private static final String LOCAL_RANK = "LOCAL_RANK";
    private static final String SIZE = "WORLD_SIZE";
    private static final String ADDRESS = "MASTER_ADDR";
    private static final String PORT = "MASTER_PORT";
    private static final String AGENT_STORE = "TORCHELASTIC_USE_AGENT_STORE";
    private static final String ATTEMPT = "TORCHELASTIC_RESTART_COUNT";

    /** The most ranks. */
    public static final int MAX = 4096;

    private static final int LAST_PORT = 65_535;

    public RankVariables {
        if (size < 1 || size > MAX) {
            throw new InputException("WORLD_SIZE must be from 1 to " + MAX + ", not " + size);
        }
        if (rank < 0 || rank >= size) {
            throw new InputException("RANK must be from 0 to " + (size - 1) + " (WORLD_SIZE - 1), not " + rank);
        }
        if (localRank < 0 || localRank >= size) {
            throw new InputException("LOCAL_RANK must be from 0 to " + (size - 1) + ", not " + localRank);
        }
        if (port < 1 || port > LAST_PORT) {
            throw new InputException("MASTER_PORT must be from 1 to " + LAST_PORT + ", not " + port);
        }
    }

    /** Returns the variables of one of several ranks on this host. */
    public static RankVariables local(int rank, int size, int port) {
        return new RankVariables(rank, rank, size, "127.0.0.1", port, false, 0);
    }

    /**
     * Reads the variables.
     *
     * @return empty if WORLD_SIZE is not set or is 1
     * @throws InputException if one of them is missing or invalid
     */
    public static Optional<RankVariables> of(Map<String, String> environment) {
        if (environment.getOrDefault(SIZE, "1").strip().equals("1")) {
            return Optional.empty();
        }
        for (String name : new String[] {RANK, ADDRESS, PORT}) {
            if (environment.getOrDefault(name, "").isBlank()) {
                throw new InputException("WORLD_SIZE is set and " + name
                        + " is not; start ranks with --ranks N or torchrun, or set RANK, LOCAL_RANK, WORLD_SIZE,"
                        + " MASTER_ADDR and MASTER_PORT; for one process unset WORLD_SIZE");
            }
        }
        return Optional.of(new RankVariables(
                number(environment, RANK),
                number(environment, LOCAL_RANK),
                number(environment, SIZE),
                environment.get(ADDRESS).strip(),
                number(environment, PORT),
                "True".equals(environment.get(AGENT_STORE)),
                number(environment, ATTEMPT)));
    }

    private static int number(Map<String, String> environment, String name) {
        String text = environment.getOrDefault(name, "0").strip();
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new InputException("the environment variable " + name + " is not a number: " + text, e);
        }
    }

    /** Returns the variables for the environment of the rank's process. */
    public Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(RANK, String.valueOf(rank));
        environment.put(LOCAL_RANK, String.valueOf(localRank));
        environment.put(SIZE, String.valueOf(size));
        environment.put(ADDRESS, address);
        environment.put(PORT, String.valueOf(port));
        environment.put(AGENT_STORE, agentStore ? "True" : "False");
        environment.put(ATTEMPT, String.valueOf(attempt));
        return environment;
    }

    /** Returns whether this rank keeps the store in which the ranks meet. */
    boolean keepsStore() {
        return rank == 0 && !agentStore;
    }
}
