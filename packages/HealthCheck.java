import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The health check of the container image: fails if process 1 is "videotg serve" and GET /health is not answered. Any other
 * command is healthy as long as it runs.
 */
public class HealthCheck {
    private static final String PROGRAM = "org.videotg.app.command.VideoTg";
    private static final int MILLIS = 5000;

    public static void main(String[] unused) {
        System.exit(check() ? 0 : 1);
    }

    private static boolean check() {
        try {
            List<String> process = List.of(Files.readString(Path.of("/proc/1/cmdline")).split("\0"));
            List<String> arguments = process.subList(process.indexOf(PROGRAM) + 1, process.size());
            Optional<String> command = arguments.stream().filter(argument -> !argument.startsWith("-")).findFirst();
            if (!command.equals(Optional.of("serve"))) {
                System.out.println("no server: the command runs");
                return true;
            }
            String host = value(arguments, "--host", "127.0.0.1").replaceFirst("^(0\\.0\\.0\\.0|::)$", "127.0.0.1");
            URL health = new URL("http", host, Integer.parseInt(value(arguments, "--port", "8080")), "/health");
            HttpURLConnection connection = (HttpURLConnection) health.openConnection();
            connection.setConnectTimeout(MILLIS);
            connection.setReadTimeout(MILLIS);
            int status = connection.getResponseCode();
            System.out.println(health + ": " + status);
            return status == 200;
        } catch (IOException | NumberFormatException e) {
            System.out.println(e);
            return false;
        }
    }

    /** The value of an option, given as "--port 8080" or "--port=8080". */
    private static String value(List<String> arguments, String option, String otherwise) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals(option) && i + 1 < arguments.size()) {
                return arguments.get(i + 1);
            }
            if (arguments.get(i).startsWith(option + "=")) {
                return arguments.get(i).substring(option.length() + 1);
            }
        }
        return otherwise;
    }
}
