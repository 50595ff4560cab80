package dev.cairn;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.cairn.event.Analysis;
import dev.cairn.event.IntervalAnalysis;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The package borders of DESIGN.md's table "The parts".
final class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.cairn");

  /// What each package may use besides itself; sub-packages belong to their parent.
  private static final Map<String, List<String>> MAY_USE = mayUse();

  private static Map<String, List<String>> mayUse() {
    Map<String, List<String>> table = new LinkedHashMap<>();
    table.put("event", List.of());
    table.put("program", List.of("event"));
    table.put("capture", List.of("event", "program"));
    table.put("trace", List.of("event", "program"));
    table.put("profile", List.of("event", "program"));
    table.put("memory", List.of("event", "program"));
    table.put("timing", List.of("memory", "event", "program"));
    table.put("sampling", List.of("profile", "event"));
    table.put("checkpoint", List.of("event", "program"));
    table.put("machine", List.of("capture", "checkpoint", "event", "program"));
    table.put("query", List.of("trace", "event", "program"));
    table.put("study", List.copyOf(table.keySet()));
    List<String> belowReport = List.copyOf(table.keySet());
    table.put("report", belowReport); // and of these results only, see below
    table.put("cli", List.copyOf(table.keySet()));
    return table;
  }

  static Set<String> packages() {
    Set<String> present = new TreeSet<>();
    for (JavaClass each : CLASSES) {
      present.add(part(each));
    }
    return present;
  }

  /// {@return "timing" for a class in dev.cairn.timing.core}
  private static String part(JavaClass of) {
    String rest = of.getPackageName().substring("dev.cairn".length());
    return rest.isEmpty() ? "" : rest.substring(1).split("\\.", 2)[0];
  }

  @Test
  void knowsEveryPackage() {
    assertThat(MAY_USE.keySet()).containsAll(packages());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyWhatTheTableAllows(String part) {
    DescribedPredicate<JavaClass> allowed = not(resideInAPackage("dev.cairn.."));
    allowed = allowed.or(resideInAPackage("dev.cairn." + part + ".."));
    for (String other : MAY_USE.getOrDefault(part, List.of())) {
      allowed = allowed.or(resideInAPackage("dev.cairn." + other + ".."));
    }
    classes()
        .that()
        .resideInAPackage("dev.cairn." + part + "..")
        .should()
        .onlyDependOnClassesThat(allowed.as("may be used by " + part))
        .check(CLASSES);
  }

  @Test
  void keepsInstructionSetsApart() {
    noClasses()
        .that()
        .resideInAPackage("dev.cairn.program.isa..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.cairn..").and(not(resideInAPackage("dev.cairn.program.isa.."))))
        .check(CLASSES);
  }

  @Test
  void keepsElfFilesApart() {
    noClasses()
        .that()
        .resideInAPackage("dev.cairn.program.elf..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.cairn..")
                .and(not(resideInAPackage("dev.cairn.program.elf..")))
                .and(not(resideInAPackage("dev.cairn.program.isa..")))
                .and(not(resideInAPackage("dev.cairn.event.."))))
        .check(CLASSES);
  }

  @Test
  void keepsDebugInformationApart() {
    noClasses()
        .that()
        .resideInAPackage("dev.cairn.program.debug..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.cairn..")
                .and(not(resideInAPackage("dev.cairn.program.debug..")))
                .and(not(resideInAPackage("dev.cairn.event.."))))
        .check(CLASSES);
  }

  @Test
  void keepsSystemCallsApart() {
    noClasses()
        .that()
        .resideInAPackage("dev.cairn.program.call..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.cairn..").and(not(resideInAPackage("dev.cairn.program.call.."))))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAPackage("dev.cairn.program.call")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.cairn.program.call.strace")
        .check(CLASSES);
  }

  @Test
  void hasNoCycles() {
    slices().matching("dev.cairn.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  /// Values only: a report that could compute would.
  @Test
  void reportsResultsOnly() {
    DescribedPredicate<JavaClass> value =
        DescribedPredicate.describe(
            "is a record, an enum or a sealed interface",
            type ->
                type.isRecord()
                    || type.isEnum()
                    || (type.isInterface() && type.reflect().isSealed()));
    classes()
        .that()
        .resideInAPackage("dev.cairn.report..")
        .should()
        .onlyDependOnClassesThat(
            not(resideInAPackage("dev.cairn.."))
                .or(resideInAPackage("dev.cairn.report.."))
                .or(value))
        .check(CLASSES);
  }

  @Test
  void analysesNeitherPrintNorOpenFilesNorStartThreads() {
    noClasses()
        .that(assignableTo(Analysis.class).or(assignableTo(IntervalAnalysis.class)))
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.file..", "java.nio.channels..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|Print|.*Stream|.*Reader|.*Writer).*")
        .check(CLASSES);
  }

  @Test
  void printsOnlyInTheCommandLine() {
    noClasses()
        .that(not(resideInAPackage("dev.cairn.cli..")))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void startsProcessesOnlyInCapture() {
    noClasses()
        .that(not(resideInAPackage("dev.cairn.capture..")))
        .should()
        .dependOnClassesThat()
        .areAssignableTo(ProcessBuilder.class)
        .check(CLASSES);
  }
}
