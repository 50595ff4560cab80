package dev.cairn.trace.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.isa.AArch64;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A small program in each form: as the form's own description has it, and as a reader written from
/// that takes it.
final class ExportTest {
  private static final int LOAD = 0xf940_0020; // ldr x0, [x1]
  private static final int STORE = 0xf900_0040; // str x0, [x2]
  private static final int ADD = 0xf820_0043; // ldadd x0, x3, [x2]
  private static final int LOOP = 0xb5ff_ffa0; // cbnz x0, the load
  private static final int CALL = 0x9400_03fc; // bl 0x2000
  private static final int RETURN = 0xd65f_03c0;
  private static final int INDIRECT = 0xd61f_00a0; // br x5
  private static final int INDIRECT_CALL = 0xd63f_00a0; // blr x5
  private static final int JUMP = 0x1400_0001;

  private static BlockDefinition block(int id, long pc, int... words) {
    ByteBuffer code = ByteBuffer.allocate(4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
    byte[] sizes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      code.putInt(words[i]);
      sizes[i] = 4;
    }
    return new BlockDefinition(id, pc, code.array(), sizes);
  }

  private static byte[] export(ExportFormat format) {
    return export(format, format.tellsFetches(), 13);
  }

  private static byte[] export(ExportFormat format, boolean fetches, long instructions) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteTaker taker = (some, length) -> bytes.write(some, 0, length);
    ExportShape shape = new ExportShape(fetches, false, false, true, false);
    Analysis<Long> export = format.writer(new AArch64(), shape, null, _ -> taker);
    export.define(block(0, 0x1000, LOAD, STORE, ADD, LOOP));
    export.define(block(1, 0x1010, CALL));
    export.define(block(2, 0x2000, RETURN));
    export.define(block(3, 0x1014, INDIRECT));
    export.define(block(4, 0x3000, INDIRECT_CALL));
    export.define(block(5, 0x4000, JUMP));
    long[] words = {
      EventWord.execution(0, 0, 4),
      EventWord.access(0x5000, 0, 8, false),
      EventWord.access(0x6000, 1, 8, true),
      EventWord.access(0x6000, 2, 8, false),
      EventWord.access(0x6000, 2, 8, true),
      EventWord.execution(0, 0, 4),
      EventWord.access(0x5008, 0, 8, false),
      EventWord.access(-0x1000, 1, 8, true),
      EventWord.access(0x6000, 2, 8, false),
      EventWord.access(0x6000, 2, 8, true),
      EventWord.execution(1, 0, 1),
      EventWord.execution(2, 0, 1),
      EventWord.execution(3, 0, 1),
      EventWord.execution(4, 0, 1),
      EventWord.execution(5, 0, 1)
    };
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(0, 100, words.length);
    export.accept(batch);
    assertThat(export.result()).isEqualTo(instructions);
    return bytes.toByteArray();
  }

  private static List<String> lines(ExportFormat format) {
    return lines(format, format.tellsFetches());
  }

  private static List<String> lines(ExportFormat format, boolean fetches) {
    return new String(export(format, fetches, 13), StandardCharsets.US_ASCII).lines().toList();
  }

  @Test
  void tellsOfFetchesOrLeavesThemOut() {
    assertThat(lines(ExportFormat.DIN, false))
        .startsWith("0 5000", "1 6000", "0 6000", "1 6000", "0 5008")
        .hasSize(8);
    assertThat(lines(ExportFormat.LACKEY, false))
        .startsWith(" L 00005000,8", " S 00006000,8", " M 00006000,8")
        .hasSize(6);
    assertThat(lines(ExportFormat.CSV, true))
        .startsWith(
            "thread,instruction,pc,kind,store,address,bytes",
            "0,100,0x1000,fetch,0,0x1000,4",
            "0,100,0x1000,plain,0,0x5000,8",
            "0,101,0x1004,fetch,0,0x1004,4")
        .hasSize(1 + 13 + 8);
  }

  /// The last branch leads nowhere, so it is left out.
  @Test
  void writesRecordsForDynamoRio() {
    byte[] bytes = export(ExportFormat.DRMEMTRACE, true, 12);
    DrmemtraceChecker checker = new DrmemtraceChecker();
    checker.accept(bytes, bytes.length);
    checker.end();
    assertThat(checker.complaints).isEmpty();
    assertThat(checker.count("instructions")).isEqualTo(12);
    assertThat(checker.count("encodings")).isEqualTo(8);
    assertThat(checker.count("loads")).isEqualTo(4);
    assertThat(checker.count("stores")).isEqualTo(4);
    assertThat(export(ExportFormat.DRMEMTRACE, true, 12)).isEqualTo(bytes);
  }

  @Test
  void writesDin() {
    List<String> lines = lines(ExportFormat.DIN);
    assertThat(lines)
        .startsWith("2 1000", "0 5000", "2 1004", "1 6000", "2 1008", "0 6000", "1 6000", "2 100c")
        .contains("1 fffffffffffff000")
        .hasSize(13 + 8)
        .allMatch(line -> line.matches("[012] [0-9a-f]{1,16}"));
  }

  @Test
  void writesLackey() {
    assertThat(lines(ExportFormat.LACKEY))
        .startsWith(
            "I  00001000,4",
            " L 00005000,8",
            "I  00001004,4",
            " S 00006000,8",
            "I  00001008,4",
            " M 00006000,8",
            "I  0000100c,4")
        .hasSize(13 + 6);
  }

  @Test
  void writesATable() {
    assertThat(lines(ExportFormat.CSV))
        .startsWith(
            "thread,instruction,pc,kind,store,address,bytes",
            "0,100,0x1000,plain,0,0x5000,8",
            "0,101,0x1004,plain,1,0x6000,8",
            "0,102,0x1008,atomic,0,0x6000,8",
            "0,102,0x1008,atomic,1,0x6000,8",
            "0,104,0x1000,plain,0,0x5008,8")
        .hasSize(1 + 8);
  }

  /// Two digits a byte, and nothing for what moves no data.
  @Test
  void writesATableWithValues() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ByteTaker taker = (some, length) -> bytes.write(some, 0, length);
    ExportShape shape = new ExportShape(true, true, false, true, true);
    Analysis<Long> export = ExportFormat.CSV.writer(new AArch64(), shape, null, _ -> taker);
    int prefetch = 0xf980_0000; // prfm pldl1keep, [x0]
    export.define(block(0, 0x1000, LOAD, STORE, prefetch));
    Batch batch = new Batch(4, true);
    batch.words()[0] = EventWord.execution(0, 0, 3);
    batch.words()[1] = EventWord.access(0x5000, 0, 2, false);
    batch.words()[2] = EventWord.access(0x6000, 1, 16, true);
    batch.words()[3] = EventWord.access(0x7000, 2, 64, false);
    batch.values()[2] = 0x1f;
    batch.values()[4] = -2;
    batch.values()[5] = 3;
    batch.reset(0, 0, 4);
    export.accept(batch);
    assertThat(export.result()).isEqualTo(3);
    assertThat(bytes.toString(StandardCharsets.US_ASCII).lines())
        .containsExactly(
            "thread,instruction,pc,kind,store,address,bytes,value",
            "0,0,0x1000,fetch,0,0x1000,4,",
            "0,0,0x1000,plain,0,0x5000,2,0x001f",
            "0,1,0x1004,fetch,0,0x1004,4,",
            "0,1,0x1004,plain,1,0x6000,16,0x0000000000000003fffffffffffffffe",
            "0,2,0x1008,fetch,0,0x1008,4,",
            "0,2,0x1008,prefetch,0,0x7000,64,");
  }

  /// What ChampSim makes of a record's registers, by the rules of its documentation.
  private static String kind(ByteBuffer record, int at) {
    boolean writesPointer = false;
    boolean writesStack = false;
    for (int i = 10; i < 12; i++) {
      writesPointer |= record.get(at + i) == 26;
      writesStack |= record.get(at + i) == 6;
    }
    boolean readsPointer = false;
    boolean readsStack = false;
    boolean readsFlags = false;
    boolean readsOther = false;
    for (int i = 12; i < 16; i++) {
      int register = record.get(at + i) & 0xff;
      readsPointer |= register == 26;
      readsStack |= register == 6;
      readsFlags |= register == 25;
      readsOther |= register != 0 && register != 26 && register != 6 && register != 25;
    }
    if (!writesPointer) {
      return "none";
    } else if (readsStack && writesStack) {
      return readsPointer ? readsOther ? "indirect call" : "call" : "return";
    } else if (readsFlags) {
      return readsPointer && !readsOther ? "conditional" : "wrong";
    }
    return readsOther ? "indirect" : "jump";
  }

  @Test
  void writesRecordsForChampSim() {
    ByteBuffer bytes =
        ByteBuffer.wrap(export(ExportFormat.CHAMPSIM)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.capacity()).isEqualTo(13 * 64);
    List<String> told = new ArrayList<>();
    for (int at = 0; at < bytes.capacity(); at += 64) {
      StringBuilder text = new StringBuilder(Long.toHexString(bytes.getLong(at)));
      text.append(' ').append(kind(bytes, at));
      text.append(bytes.get(at + 8) == 1 ? " branch" : "");
      text.append(bytes.get(at + 9) == 1 ? " taken" : "");
      for (int i = 0; i < 6; i++) {
        long address = bytes.getLong(at + 16 + 8 * i);
        text.append(address == 0 ? "" : (i < 2 ? " s" : " l") + Long.toHexString(address));
      }
      told.add(text.toString());
    }
    assertThat(told)
        .containsExactly(
            "1000 none l5000",
            "1004 none s6000",
            "1008 none s6000 l6000",
            "100c conditional branch taken",
            "1000 none l5008",
            "1004 none sfffffffffffff000",
            "1008 none s6000 l6000",
            "100c conditional branch",
            "1010 call branch taken",
            "2000 return branch taken",
            "1014 indirect branch taken",
            "3000 indirect call branch taken",
            "4000 jump branch taken");
  }
}
