import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/// Copies a jar and gives its classes stack maps where they are older than those (before Java 6).
///
/// Java verifies such classes anew at each start and keeps none of them in its cache of classes.
/// Code, names and everything else stay as they are.
///
/// Run as `java scripts/StackMaps.java OLD.jar NEW.jar`.
public final class StackMaps {
  /// Java 7: the first version for which stack maps are obligatory.
  private static final int MAPPED_VERSION = 51;

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private StackMaps() {}

  /// Writes the new jar.
  public static void main(String[] arguments) throws IOException {
    StackMaps jar = new StackMaps();
    try (InputStream in = Files.newInputStream(Path.of(arguments[0]))) {
      jar.read(in);
    }
    try (OutputStream out = Files.newOutputStream(Path.of(arguments[1]))) {
      jar.write(out);
    }
  }

  private void read(InputStream in) throws IOException {
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      if (!entry.isDirectory()) {
        entries.put(entry.getName(), zip.readAllBytes());
      }
    }
  }

  private void write(OutputStream out) throws IOException {
    ClassFile classes =
        ClassFile.of(
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
            ClassFile.ConstantPoolSharingOption.NEW_POOL,
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::resource)
                    .orElse(ClassHierarchyResolver.defaultResolver())));
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey()));
        zip.write(
            entry.getKey().endsWith(".class")
                ? mapped(classes, entry.getValue())
                : entry.getValue());
      }
    }
  }

  private InputStream resource(ClassDesc type) {
    String descriptor = type.descriptorString();
    byte[] bytes = entries.get(descriptor.substring(1, descriptor.length() - 1) + ".class");
    return bytes == null ? null : new ByteArrayInputStream(bytes);
  }

  private static byte[] mapped(ClassFile classes, byte[] bytes) {
    ClassModel old = classes.parse(bytes);
    if (old.majorVersion() >= MAPPED_VERSION) {
      return bytes;
    }
    ClassTransform code =
        (builder, element) -> {
          switch (element) {
            case ClassFileVersion version -> builder.withVersion(MAPPED_VERSION, 0);
            case MethodModel method ->
                builder.transformMethod(
                    method, MethodTransform.transformingCode(CodeTransform.ACCEPT_ALL));
            default -> builder.with(element);
          }
        };
    return classes.transformClass(old, code);
  }
}
