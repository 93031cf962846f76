package org.videotg.core.io;

/**
 * Bad input of the user's: a file, a recipe, a checkpoint or a command line that can't be used as it is.
 * The message is one line that says what is wrong, where, and what to do; the command line prints it as it stands
 * and exits with 1. Anything else that is thrown is a defect of this program.
 */
public class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
