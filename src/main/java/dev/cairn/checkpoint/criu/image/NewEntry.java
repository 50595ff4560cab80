package dev.cairn.checkpoint.criu.image;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;

/// A message of an image that is being written.
public final class NewEntry {
  private final Descriptor type;
  private final DynamicMessage.Builder message;

  private NewEntry(Descriptor type) {
    this.type = type;
    message = DynamicMessage.newBuilder(type);
  }

  public static NewEntry of(String name) {
    return new NewEntry(ImageSchema.message(name));
  }

  /// Sets a number, or adds it where there are many. A truth is 1 or 0.
  public NewEntry put(String field, long number) {
    FieldDescriptor at = field(field);
    return set(
        at,
        switch (at.getJavaType()) {
          case LONG -> (Object) number;
          case INT -> (int) number;
          case BOOLEAN -> number != 0;
          default -> throw new IllegalArgumentException(field + " is no number");
        });
  }

  public NewEntry put(String field, long[] numbers) {
    for (long number : numbers) {
      put(field, number);
    }
    return this;
  }

  public NewEntry put(String field, String text) {
    return set(field(field), text);
  }

  /// Sets a message, or adds it where there are many.
  public NewEntry put(String field, NewEntry entry) {
    return set(field(field), entry.message.build());
  }

  private NewEntry set(FieldDescriptor field, Object value) {
    if (field.isRepeated()) {
      message.addRepeatedField(field, value);
    } else {
      message.setField(field, value);
    }
    return this;
  }

  private FieldDescriptor field(String name) {
    FieldDescriptor found = type.findFieldByName(name);
    if (found == null) {
      throw new IllegalArgumentException(type.getName() + " has no " + name);
    }
    return found;
  }

  /// {@return the message as it is encoded}
  byte[] bytes() {
    return message.build().toByteArray();
  }
}
