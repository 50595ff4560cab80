package dev.cairn.checkpoint.criu.image;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// The messages of CRIU's images, as the table `criu.messages` says them. No code is generated, so
/// there is nothing to build and the table can be held against CRIU's own.
final class ImageSchema {
  private static final String TABLE = "criu.messages";
  private static final FileDescriptor MESSAGES = read();

  private ImageSchema() {}

  /// {@return a message by its name}
  static Descriptor message(String name) {
    Descriptor found = MESSAGES.findMessageTypeByName(name);
    if (found == null) {
      throw new IllegalArgumentException(TABLE + " has no " + name);
    }
    return found;
  }

  private static FileDescriptor read() {
    FileDescriptorProto.Builder file =
        FileDescriptorProto.newBuilder().setName(TABLE).setSyntax("proto2");
    try (InputStream table = ImageSchema.class.getResourceAsStream(TABLE)) {
      if (table == null) {
        throw new IllegalStateException(TABLE + " is missing");
      }
      String text = new String(table.readAllBytes(), StandardCharsets.US_ASCII);
      text = text.replaceAll("(?m)^#.*\n", "").replaceAll("\n +", " ");
      text.lines()
          .filter(line -> !line.isEmpty())
          .forEach(line -> file.addMessageType(message(line.split(" "))));
      return FileDescriptor.buildFrom(file.build(), new FileDescriptor[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(TABLE + ": " + e.getMessage(), e);
    }
  }

  private static DescriptorProto message(String[] words) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(words[0]);
    for (int i = 1; i < words.length; i += 2) {
      message.addField(field(Integer.parseInt(words[i]), words[i + 1]));
    }
    return message.build();
  }

  private static FieldDescriptorProto field(int number, String text) {
    int colon = text.indexOf(':');
    char last = text.charAt(text.length() - 1);
    FieldDescriptorProto.Label label =
        switch (last) {
          case '!' -> FieldDescriptorProto.Label.LABEL_REQUIRED;
          case '*' -> FieldDescriptorProto.Label.LABEL_REPEATED;
          default -> FieldDescriptorProto.Label.LABEL_OPTIONAL;
        };
    String type =
        text.substring(
            colon + 1,
            label == FieldDescriptorProto.Label.LABEL_OPTIONAL ? text.length() : text.length() - 1);
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setName(text.substring(0, colon))
            .setNumber(number)
            .setLabel(label);
    switch (type) {
      case "uint32", "uint64", "int32", "sint32", "sint64", "bool", "string", "bytes" ->
          field.setType(FieldDescriptorProto.Type.valueOf("TYPE_" + type.toUpperCase(Locale.ROOT)));
      default -> field.setTypeName(type);
    }
    return field.build();
  }
}
