package dev.cairn.query;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BatchCursor;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AccessKind;
import dev.cairn.program.isa.Isa;
import dev.cairn.trace.TraceReader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tables `accesses` and `instructions`: a row an access, or an instruction executed.
final class ExecutionRows implements Analysis<Boolean> {
  static final List<Column> ACCESSES =
      List.of(
          new Column("thread", Column.Kind.INTEGER),
          new Column("instruction", Column.Kind.LONG),
          new Column("pc", Column.Kind.LONG),
          new Column("function", Column.Kind.TEXT),
          new Column("file", Column.Kind.TEXT),
          new Column("kind", Column.Kind.TEXT),
          new Column("store", Column.Kind.BOOLEAN),
          new Column("address", Column.Kind.LONG),
          new Column("bytes", Column.Kind.INTEGER),
          new Column("value", Column.Kind.LONG),
          new Column("value_high", Column.Kind.LONG),
          new Column("physical", Column.Kind.LONG));

  static final List<Column> INSTRUCTIONS =
      List.of(
          new Column("thread", Column.Kind.INTEGER),
          new Column("instruction", Column.Kind.LONG),
          new Column("pc", Column.Kind.LONG),
          new Column("function", Column.Kind.TEXT),
          new Column("file", Column.Kind.TEXT),
          new Column("text", Column.Kind.TEXT),
          new Column("bytes", Column.Kind.INTEGER),
          new Column("block", Column.Kind.INTEGER));

  private static final int THREAD = 0;
  private static final int INSTRUCTION = 1;
  private static final int PC = 2;
  private static final int FUNCTION = 3;
  private static final int FILE = 4;
  private static final int KIND = 5;
  private static final int STORE = 6;
  private static final int ADDRESS = 7;
  private static final int BYTES = 8;
  private static final int VALUE = 9;
  private static final int VALUE_HIGH = 10;
  private static final int PHYSICAL = 11;
  private static final int TEXT = 5;
  private static final int SIZE = 6;
  private static final int BLOCK = 7;

  private final boolean accesses;
  private final Isa isa;
  private final RowSink sink;
  private final CodeTable code;
  private final BatchCursor cursor = new BatchCursor();
  private final @Nullable AddressTranslation translation;

  /// By block and instruction, the access's kind or the instruction's text.
  private final List<String[]> words = new ArrayList<>();

  /// {@return whether a column of accesses takes their values}
  static boolean isValue(int column) {
    return column == VALUE || column == VALUE_HIGH;
  }

  /// @param accesses whether it is `accesses`
  ExecutionRows(boolean accesses, Isa isa, TraceReader reader, RowSink sink) {
    this.accesses = accesses;
    this.isa = isa;
    this.sink = sink;
    code = new CodeTable(reader);
    translation = reader.translation();
  }

  @Override
  public void define(BlockDefinition block) {
    code.define(block);
    String[] told = new String[block.instructions()];
    boolean wanted = sink.wants(KIND);
    int offset = 0;
    for (int i = 0; wanted && i < told.length; i++) {
      told[i] =
          accesses
              ? kind(block, offset)
              : isa.disassemble(block.pc() + offset, block.code(), offset);
      offset += block.sizes()[i];
    }
    words.add(told);
  }

  private String kind(BlockDefinition block, int offset) {
    AccessKind kind = isa.accessKind(block.code(), offset);
    return kind.text().isEmpty() ? "plain" : kind.text();
  }

  @Override
  public void accept(Batch batch) {
    long position = batch.firstInstruction();
    cursor.wrap(batch);
    while (cursor.next()) {
      int id = cursor.block();
      CodeTable.Code block = code.block(id);
      if (accesses) {
        for (int at = cursor.firstAccess(); at < cursor.endAccess(); at++) {
          access(batch, position, block, words.get(id), at);
        }
      } else {
        for (int i = cursor.first(); i < cursor.end(); i++) {
          instruction(batch.thread(), position + i - cursor.first(), block, id, i);
        }
      }
      position += cursor.end() - cursor.first();
    }
  }

  private void access(Batch batch, long position, CodeTable.Code block, String[] kinds, int at) {
    long word = cursor.word(at);
    int index = EventWord.instruction(word);
    Rows rows = place(batch.thread(), position + index - cursor.first(), block, index);
    if (sink.wants(KIND)) {
      rows.set(KIND, kinds[index]);
    }
    rows.set(STORE, EventWord.isStore(word) ? 1 : 0);
    rows.set(ADDRESS, EventWord.address(word));
    rows.set(BYTES, EventWord.bytes(word));
    boolean moves = EventWord.isStore(word) || EventWord.bytes(word) <= 2 * Long.BYTES;
    if (batch.hasValues() && moves) { // a prefetch has no value
      rows.set(VALUE, batch.values()[2 * at]);
      rows.set(VALUE_HIGH, batch.values()[2 * at + 1]);
    } else {
      rows.leaveOut(VALUE);
      rows.leaveOut(VALUE_HIGH);
    }
    if (sink.wants(PHYSICAL)) {
      long physical =
          translation == null ? -1 : translation.physicalAddress(EventWord.address(word));
      if (physical < 0) {
        rows.leaveOut(PHYSICAL);
      } else {
        rows.set(PHYSICAL, physical);
      }
    }
    sink.end();
  }

  private void instruction(int thread, long position, CodeTable.Code block, int id, int index) {
    Rows rows = place(thread, position, block, index);
    if (sink.wants(TEXT)) {
      rows.set(TEXT, words.get(id)[index]);
    }
    rows.set(SIZE, block.block().sizes()[index]);
    rows.set(BLOCK, id);
    sink.end();
  }

  private Rows place(int thread, long position, CodeTable.Code block, int index) {
    Rows rows = sink.rows();
    rows.set(THREAD, thread);
    rows.set(INSTRUCTION, position);
    rows.set(PC, block.pcs()[index]);
    if (sink.wants(FUNCTION)) {
      rows.set(FUNCTION, block.function(index));
    }
    if (sink.wants(FILE)) {
      rows.set(FILE, block.file(index));
    }
    return rows;
  }

  @Override
  public Boolean result() {
    return true;
  }
}
