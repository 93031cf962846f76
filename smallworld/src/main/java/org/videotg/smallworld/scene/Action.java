package org.videotg.smallworld.scene;

/** What an object does during an event. */
public enum Action {
    /** Visible, does not move. */
    STAYS("stays", 0),
    /** Visible in the first half of every second, hidden in the second half; does not move. */
    BLINKS("blinks", 0),
    MOVES_LEFT("moves left", -1),
    MOVES_RIGHT("moves right", 1);

    private final String words;
    private final int direction;

    Action(String words, int direction) {
        this.words = words;
        this.direction = direction;
    }

    /** The words in queries. */
    public String words() {
        return words;
    }

    /** Sign of the horizontal motion: -1, 0 or 1. */
    public int direction() {
        return direction;
    }
}
