import java.nio.file.Path;
import org.videotg.Grounder;
import org.videotg.Moment;

/** Prints when a sentence holds in a video: GroundOnce MODEL VIDEO SENTENCE. */
public class GroundOnce {
    public static void main(String[] arguments) {
        try (Grounder grounder = Grounder.open(arguments[0])) {
            for (Moment moment : grounder.ground(Path.of(arguments[1]), arguments[2])) {
                System.out.println("[" + moment.interval().start() + "," + moment.interval().end() + "]");
            }
        }
    }
}
