package dev.cairn.cli.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.query.Answer;
import dev.cairn.report.Json;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows that answer a question, in the forms that they are written in as they come.
public final class AnswerText {
  private AnswerText() {}

  /// {@return what writes comma-separated values, the names first}
  public static Answer csv(PrintWriter into) {
    return new Answer() {
      @Override
      public void columns(List<String> names, List<Boolean> numeric) {
        line(names);
      }

      @Override
      public boolean row(List<@Nullable Object> values) {
        line(values);
        return true;
      }

      private void line(List<? extends @Nullable Object> values) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < values.size(); i++) {
          line.append(i == 0 ? "" : ",").append(quoted(text(values.get(i))));
        }
        into.print(line.append('\n'));
      }
    };
  }

  private static String quoted(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }

  private static String text(@Nullable Object value) {
    return switch (value) {
      case null -> "";
      case BigDecimal number -> number.toPlainString();
      default -> value.toString();
    };
  }

  /// What writes JSON, an array with an object a row, a line each.
  public static final class JsonRows implements Answer {
    private final PrintWriter into;
    private List<String> names = List.of();
    private boolean begun;

    public JsonRows(PrintWriter into) {
      this.into = into;
    }

    @Override
    public void columns(List<String> names, List<Boolean> numeric) {
      this.names = List.copyOf(names);
    }

    @Override
    public boolean row(List<@Nullable Object> values) {
      into.print(begun ? ",\n  " : "[\n  ");
      begun = true;
      ObjectNode row = Json.object();
      for (int i = 0; i < names.size(); i++) {
        put(row, names.get(i), values.get(i));
      }
      into.print(row);
      return true;
    }

    private static void put(ObjectNode row, String name, @Nullable Object value) {
      switch (value) {
        case null -> row.putNull(name);
        case Boolean truth -> row.put(name, truth);
        case BigInteger number -> row.put(name, number);
        case BigDecimal number -> row.put(name, number);
        case Double number when number.isNaN() || number.isInfinite() -> row.putNull(name);
        case Double number -> row.put(name, number);
        case Float number -> row.put(name, number);
        case Number number -> row.put(name, number.longValue());
        default -> row.put(name, value.toString());
      }
    }

    /// Ends the array.
    public void end() {
      into.print(begun ? "\n]\n" : "[]\n");
    }
  }

  /// What writes a table whose columns are as wide as the first rows take.
  public static final class Table implements Answer {
    private static final int LOOKED_AT = 1000;

    private final PrintWriter into;
    private List<String> names = List.of();
    private List<Boolean> numeric = List.of();
    private final List<List<String>> waiting = new ArrayList<>();
    private int[] widths = new int[0];
    private boolean begun;

    public Table(PrintWriter into) {
      this.into = into;
    }

    @Override
    public void columns(List<String> names, List<Boolean> numeric) {
      this.names = List.copyOf(names);
      this.numeric = List.copyOf(numeric);
    }

    @Override
    public boolean row(List<@Nullable Object> values) {
      List<String> texts = values.stream().map(AnswerText::text).toList();
      if (begun) {
        line(texts);
      } else {
        waiting.add(texts);
        if (waiting.size() == LOOKED_AT) {
          begin();
        }
      }
      return true;
    }

    private void begin() {
      begun = true;
      widths = new int[names.size()];
      measure(names);
      waiting.forEach(this::measure);
      line(names);
      line(names.stream().map(_ -> "").toList(), '-');
      waiting.forEach(this::line);
      waiting.clear();
    }

    private void measure(List<String> values) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], values.get(i).length());
      }
    }

    private void line(List<String> values) {
      line(values, ' ');
    }

    private void line(List<String> values, char fill) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String value = values.get(i);
        String room =
            String.join(
                "", Collections.nCopies(Math.max(0, widths[i] - value.length()), "" + fill));
        line.append(i == 0 ? "" : "  ");
        line.append(numeric.get(i) ? room + value : value + room);
      }
      into.print(line.toString().stripTrailing() + "\n");
    }

    /// Writes what waits.
    public void end() {
      if (!begun && !names.isEmpty()) {
        begin();
      }
    }
  }
}
