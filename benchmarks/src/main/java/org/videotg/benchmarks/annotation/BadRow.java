package org.videotg.benchmarks.annotation;

/**
 * A row that could not be read and is left out.
 *
 * @param where file and line, and the row's key where there is one
 * @param problem what is wrong with it
 */
public record BadRow(String where, String problem) {
    @Override
    public String toString() {
        return where + ": " + problem;
    }
}
