package dev.cairn.report.flow;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.cairn.profile.call.Timeline;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/// A timeline as Chrome's trace events, which Perfetto reads: a microsecond stands for an
/// instruction, a thread of the trace for a stack of a thread, in their order.
///
/// Source: "Trace Event Format", complete events (`X`) and metadata (`M`).
public final class TraceEventsText {
  /// @param number of the thread of the trace
  private record Track(int number, int thread, int stack) {
    boolean holds(Timeline.Span span) {
      return thread == span.thread() && stack == span.stack();
    }

    String name() {
      return stack == 0 ? "thread " + thread : "thread " + thread + ", stack " + stack;
    }
  }

  private TraceEventsText() {}

  /// {@return the trace; an event a line}
  public static String of(Timeline timeline) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("displayTimeUnit", "ms");
      json.writeObjectFieldStart("otherData");
      json.writeStringField("unit", "a microsecond is an instruction of the thread");
      json.writeNumberField("shortest", timeline.shortest());
      json.writeNumberField("leftOutAsTooShort", timeline.tooShort());
      json.writeNumberField("leftOutAsTooDeep", timeline.tooDeep());
      json.writeEndObject();
      json.writeArrayFieldStart("traceEvents");
      Track track = new Track(0, -1, -1);
      for (Timeline.Span span : timeline.spans()) {
        if (!track.holds(span)) {
          track = new Track(track.number() + 1, span.thread(), span.stack());
          metadata(json, track);
        }
        span(json, span, track);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.append("\n").toString();
  }

  private static void metadata(JsonGenerator json, Track track) throws IOException {
    begin(json, "thread_name", "M", "__metadata", 0, track);
    json.writeObjectFieldStart("args");
    json.writeStringField("name", track.name());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void span(JsonGenerator json, Timeline.Span span, Track track) throws IOException {
    begin(json, span.function().name(), "X", "function", span.from(), track);
    json.writeNumberField("dur", span.until() - span.from());
    String file = span.function().file();
    if (file != null) {
      json.writeObjectFieldStart("args");
      json.writeStringField("file", file);
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  /// Begins an event with the fields that each has: readers of it miss them in metadata too.
  private static void begin(
      JsonGenerator json, String name, String phase, String category, long at, Track track)
      throws IOException {
    json.writeRaw('\n');
    json.writeStartObject();
    json.writeStringField("name", name);
    json.writeStringField("ph", phase);
    json.writeStringField("cat", category);
    json.writeNumberField("ts", at);
    json.writeNumberField("pid", 1);
    json.writeNumberField("tid", track.number());
  }
}
