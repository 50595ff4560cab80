package dev.cairn.checkpoint.criu.image;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.WireFormat;
import dev.cairn.event.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A message of an image that was read. What is not there is 0, empty or null.
public final class Entry {
  private static final long UNSIGNED = 0xffffffffL;

  private final Message message;
  private final String where;

  private Entry(Message message, String where) {
    this.message = message;
    this.where = where;
  }

  /// Decodes a message.
  ///
  /// @param path of the image
  /// @param offset of the message in it
  /// @throws FormatException if it is none; says which field, and where it lies
  static Entry of(String name, byte[] bytes, String path, long offset) throws FormatException {
    Descriptor type = ImageSchema.message(name);
    try {
      Message read = partial(type, bytes);
      List<String> missing = missing(read, "");
      if (!missing.isEmpty()) {
        throw new FormatException(
            path + ", byte " + offset, name + " has no " + missing.getFirst());
      }
      return new Entry(read, path + ", byte " + offset);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(type, bytes, path, offset);
    }
  }

  private static Message partial(Descriptor type, byte[] bytes)
      throws InvalidProtocolBufferException {
    return DynamicMessage.newBuilder(type).mergeFrom(bytes).buildPartial();
  }

  private static List<String> missing(Message message, String before) {
    List<String> all = new ArrayList<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRequired() && !message.hasField(field)) {
        all.add(before + field.getName());
      } else if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        for (Message each : messages(message, field)) {
          all.addAll(missing(each, before + field.getName() + "."));
        }
      }
    }
    return all;
  }

  private static List<Message> messages(Message message, FieldDescriptor field) {
    List<Message> all = new ArrayList<>();
    if (field.isRepeated()) {
      for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
        all.add((Message) message.getRepeatedField(field, i));
      }
    } else if (message.hasField(field)) {
      all.add((Message) message.getField(field));
    }
    return all;
  }

  private static boolean decodes(Descriptor type, byte[] bytes) {
    try {
      return partial(type, bytes).getDescriptorForType() == type;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  /// {@return what is wrong with a message that can't be decoded}
  private static FormatException damaged(Descriptor type, byte[] bytes, String path, long offset) {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    String name = type.getName();
    long at = offset;
    try {
      while (!input.isAtEnd()) {
        at = offset + input.getTotalBytesRead();
        name = type.getName();
        int tag = input.readTag();
        FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
        name += field == null ? "" : "." + field.getName();
        if (field != null
            && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
            && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
          byte[] inner = input.readByteArray();
          long begins = offset + input.getTotalBytesRead() - inner.length;
          if (!decodes(field.getMessageType(), inner)) {
            return damaged(field.getMessageType(), inner, path, begins);
          }
        } else if (!input.skipField(tag)) {
          break;
        }
      }
    } catch (IOException e) {
      return new FormatException(path + ", byte " + at, name + " is damaged or cut off");
    }
    return new FormatException(path + ", byte " + at, name + " is damaged");
  }

  /// {@return the place of the message, and a field of it}
  public String where(String field) {
    return where + ", " + message.getDescriptorForType().getName() + "." + field;
  }

  public boolean has(String field) {
    FieldDescriptor at = field(field);
    return at.isRepeated() ? message.getRepeatedFieldCount(at) > 0 : message.hasField(at);
  }

  public long number(String field) {
    FieldDescriptor at = field(field);
    return number(at, message.getField(at));
  }

  public long[] numbers(String field) {
    FieldDescriptor at = field(field);
    long[] numbers = new long[message.getRepeatedFieldCount(at)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(at, message.getRepeatedField(at, i));
    }
    return numbers;
  }

  private static long number(FieldDescriptor field, Object value) {
    return switch (value) {
      case Long number -> number;
      case Integer number ->
          field.getType() == FieldDescriptor.Type.UINT32 ? number & UNSIGNED : number;
      case Boolean truth -> truth ? 1 : 0;
      default -> throw new IllegalArgumentException(field.getName() + " is no number");
    };
  }

  public String text(String field) {
    return (String) message.getField(field(field));
  }

  public @Nullable Entry entry(String field) {
    List<Entry> all = entries(field);
    return all.isEmpty() ? null : all.getFirst();
  }

  /// {@return a message that is in this one}
  ///
  /// @throws FormatException if it is not
  public Entry required(String field) throws FormatException {
    Entry entry = entry(field);
    if (entry == null) {
      throw new FormatException(
          where, message.getDescriptorForType().getName() + " has no " + field);
    }
    return entry;
  }

  public List<Entry> entries(String field) {
    List<Entry> all = new ArrayList<>();
    for (Message each : messages(message, field(field))) {
      all.add(new Entry(each, where));
    }
    return Collections.unmodifiableList(all);
  }

  private FieldDescriptor field(String name) {
    FieldDescriptor found = message.getDescriptorForType().findFieldByName(name);
    if (found == null) {
      throw new IllegalArgumentException(
          message.getDescriptorForType().getName() + " has no " + name);
    }
    return found;
  }
}
