package org.videotg.app;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.videotg.core.run.Draw;
import org.videotg.core.run.Stop;
import org.videotg.models.tensor.Device;
import org.videotg.models.tensor.Tensors;

/** The directions in which dependencies may point, and what belongs in one place only. */
class ArchitectureTest {
    /** The module of the package org.videotg itself. */
    private static final String API = "api";

    /** Modules that each module may use, itself included; the module app may use all. */
    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("core", List.of("core")),
            Map.entry("method", List.of("core", "method")),
            Map.entry("benchmarks", List.of("core", "benchmarks")),
            Map.entry("video", List.of("core", "video")),
            Map.entry("client", List.of("core", "video", "client")),
            Map.entry("models", List.of("core", "video", "models")),
            Map.entry("web", List.of("core", "web")),
            Map.entry("review", List.of("core", "method", "video", "web", "review")),
            Map.entry("serving", List.of("core", "video", "web", "serving")),
            Map.entry("training", List.of("core", "video", "method", "models", "training")),
            Map.entry("smallworld", List.of("core", "video", "models", "training", "smallworld")),
            Map.entry(API, List.of("core", "method", "benchmarks", "models", API)));

    private static final Set<String> FACTORIES = Set.of(
            "zeros", "ones", "empty", "full", "arange", "linspace", "eye", "rand", "randn", "tensor", "from_blob");
    private static final Set<String> ON_THE_CPU = Set.of("floats", "longs", "ids", "zeros", "options");

    private static JavaClasses program;

    @BeforeAll
    static void read() {
        // Stand-ins for tests come in a jar of core.
        program = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("org.videotg");
    }

    static Stream<String> modules() {
        return MAY_USE.keySet().stream().sorted();
    }

    @Test
    void everyModuleIsKnownAndHasClasses() {
        TreeSet<String> found = new TreeSet<>();
        program.forEach(type -> found.add(module(type)));
        TreeSet<String> known = new TreeSet<>(MAY_USE.keySet());
        known.add("app");
        assertEquals(known, found);
    }

    @ParameterizedTest
    @MethodSource("modules")
    void dependenciesPointInTheAllowedDirection(String module) {
        String[] others = Stream.concat(MAY_USE.keySet().stream(), Stream.of("app"))
                .filter(other -> !MAY_USE.get(module).contains(other))
                .map(ArchitectureTest::packages)
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(packages(module))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(others)
                .check(program);
    }

    @Test
    void packagesFormNoCycles() {
        slices().matching("org.videotg.(**)").should().beFreeOfCycles().check(program);
    }

    @Test
    void pureModulesUseNoLibraryForTensorsVideosOrCommandLines() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        packages("core"),
                        packages("method"),
                        packages("benchmarks"),
                        packages("web"),
                        packages("review"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "ai.djl..", "picocli..")
                .check(program);
    }

    /** So that a machine without libtorch can ask a server. */
    @Test
    void theClientTouchesNoNativeLibrary() {
        noClasses()
                .that()
                .resideInAPackage(packages("client"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco..", "ai.djl..")
                .check(program);
    }

    /** So that what is checked of a request is checked in one place. */
    @Test
    void onlyWebKnowsTheWebLibrary() {
        noClasses()
                .that()
                .resideOutsideOfPackage(packages("web"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
                .check(program);
    }

    @Test
    void randomnessComesFromDrawAlone() {
        DescribedPredicate<JavaClass> generators = JavaClass.Predicates.equivalentTo(Random.class);
        noClasses()
                .that()
                .doNotBelongToAnyOf(Draw.class)
                .should()
                .callConstructorWhere(DescribedPredicate.describe(
                        "it makes a java.util.Random", call -> generators.test(call.getTargetOwner())))
                .check(program);
        noClasses().should().callMethod(Math.class, "random").check(program);
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(ThreadLocalRandom.class, SplittableRandom.class, SecureRandom.class)
                .check(program);
    }

    /** So that nothing is made on the CPU by accident: a GPU would meet it in the middle of a computation. */
    @Test
    void whoMakesTensorsNamesTheirDevice() {
        DescribedPredicate<JavaAccess<?>> factories = DescribedPredicate.describe(
                "it makes a tensor on the CPU",
                access -> (access.getTargetOwner().isEquivalentTo(torch.class) && FACTORIES.contains(access.getName()))
                        || (access.getTargetOwner().isEquivalentTo(Tensors.class)
                                && !access.getTarget().getDescription().contains(Device.class.getName())
                                && ON_THE_CPU.contains(access.getName())));
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "org.videotg.models.tensor..",
                        "org.videotg.models.safetensors..",
                        // These bring what they have computed to the device themselves; pretraining is done on the CPU.
                        "org.videotg.models.preprocess..",
                        "org.videotg.models.lora..",
                        "org.videotg.smallworld.pretrain..")
                .and()
                .doNotHaveFullyQualifiedName("org.videotg.models.nn.Rope")
                .and()
                .doNotHaveFullyQualifiedName("org.videotg.models.nn.VisionRope")
                .should()
                .accessTargetWhere(factories)
                .check(program);
    }

    /** Commands ask through the port; whether a model is a checkpoint or a server is the backend's affair. */
    @Test
    void onlyBackendsAndWhatMeasuresOrTrainsKnowTheModels() {
        noClasses()
                .that()
                .resideInAPackage(packages("app"))
                .and()
                .resideOutsideOfPackages(
                        "org.videotg.app.doctor..",
                        "org.videotg.app.dryrun..",
                        "org.videotg.app.measure..",
                        "org.videotg.app.project..")
                .and()
                .doNotHaveFullyQualifiedName("org.videotg.app.command.PretrainCommand")
                .and()
                .doNotHaveFullyQualifiedName("org.videotg.app.command.TrainCommand")
                .should()
                .dependOnClassesThat(
                        // Files on a hub are no models.
                        resideInAPackage(packages("models")).and(resideOutsideOfPackage("org.videotg.models.hub..")))
                .check(program);
    }

    @Test
    void noPackageDependsOnAModelFamily() {
        for (String family : List.of("org.videotg.models.qwen25vl..", "org.videotg.models.qwen3vl..")) {
            noClasses()
                    .that()
                    .resideOutsideOfPackage(family)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(family)
                    .check(program);
        }
    }

    /** Only there is what is written forced to the medium. */
    @Test
    void onlyCoreIoRenamesAndWritesTextFiles() {
        Set<String> writing = Set.of("move", "writeString", "newBufferedWriter");
        noClasses()
                .that()
                .resideOutsideOfPackage("org.videotg.core.io..")
                .should()
                .callMethodWhere(DescribedPredicate.describe(
                        "write a file",
                        call -> call.getTargetOwner().isEquivalentTo(Files.class) && writing.contains(call.getName())))
                .check(program);
    }

    @Test
    void onlyStopEndsTheProcess() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(Stop.class)
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(program);
    }

    @Test
    void onlyCommandsKnowPicocli() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.videotg.app.command..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("picocli..")
                .check(program);
    }

    @Test
    void everyPackageSaysWhatBelongsInIt() {
        List<String> silent = program.stream()
                .filter(type -> !type.isNestedClass())
                .filter(type -> !Files.exists(Path.of(
                        "..",
                        module(type),
                        "src/main/java",
                        type.getPackageName().replace('.', '/'),
                        "package-info.java")))
                .map(JavaClass::getPackageName)
                .distinct()
                .sorted()
                .toList();
        assertEquals(List.of(), silent);
    }

    private static String module(JavaClass type) {
        return type.getPackageName().equals("org.videotg")
                ? API
                : type.getPackageName().split("\\.")[2];
    }

    private static String packages(String module) {
        return module.equals(API) ? "org.videotg" : "org.videotg." + module + "..";
    }
}
