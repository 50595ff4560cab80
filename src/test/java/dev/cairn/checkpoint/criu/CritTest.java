package dev.cairn.checkpoint.criu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cairn.TestGuests;
import dev.cairn.checkpoint.CheckpointException;
import dev.cairn.checkpoint.Mapping;
import dev.cairn.checkpoint.OpenFile;
import dev.cairn.checkpoint.ProcessState;
import dev.cairn.checkpoint.Rseq;
import dev.cairn.checkpoint.SignalState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images are held against CRIU's own tool, `crit` of 3.17.1: it reads what is written here, and
/// what it writes of JSON that looks as real dumps do is read here.
@Tag("qemu")
final class CritTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PAGE = SomeProcess.PAGE;

  @TempDir private Path folder;

  private static JsonNode decoded(Path image) throws IOException {
    String text =
        TestGuests.run(
            List.of(TestGuests.reader("crit").toString(), "decode", "-i", image.toString()));
    return JSON.readTree(text);
  }

  private void encode(Path image, JsonNode content) throws IOException {
    Path text = folder.resolve("json");
    JSON.writeValue(text.toFile(), content);
    TestGuests.run(
        List.of(
            TestGuests.reader("crit").toString(),
            "encode",
            "-i",
            text.toString(),
            "-o",
            image.toString()));
  }

  private static long number(JsonNode node) {
    return new BigInteger(node.asText()).longValue();
  }

  private static long[] numbers(JsonNode array) {
    long[] all = new long[array.size()];
    Arrays.setAll(all, i -> number(array.get(i)));
    return all;
  }

  @Test
  void readsEveryImage() throws Exception {
    Path images = folder.resolve("images");
    ProcessState state = SomeProcess.state(folder);
    CriuExport.write(images, state, SomeProcess.memory());
    try (Stream<Path> files = Files.list(images)) {
      for (Path file : files.filter(each -> !each.toString().contains("pages-")).toList()) {
        JsonNode content = decoded(file);
        assertThat(content.get("entries")).as(file.toString()).isNotEmpty();
        Path again = folder.resolve("again");
        encode(again, content);
        if (!file.toString().contains("core-")) { // which has a field that is newer than 3.17
          assertThat(again).hasSameBinaryContentAs(file);
        }
      }
    }
    registers(state, decoded(images.resolve("core-4321.img")).get("entries").get(0));
    memory(state, images);
  }

  private static void registers(ProcessState state, JsonNode core) {
    JsonNode machine = core.get("ti_aarch64");
    assertThat(core.get("mtype").asText()).isEqualTo("AARCH64");
    assertThat(numbers(machine.get("gpregs").get("regs"))).isEqualTo(state.registers().x());
    assertThat(number(machine.get("gpregs").get("sp"))).isEqualTo(state.registers().sp());
    assertThat(number(machine.get("gpregs").get("pc"))).isEqualTo(state.registers().pc());
    assertThat(number(machine.get("gpregs").get("pstate"))).isEqualTo(state.registers().pstate());
    assertThat(numbers(machine.get("fpsimd").get("vregs"))).isEqualTo(state.registers().v());
    assertThat(number(machine.get("tls"))).isEqualTo(state.registers().tpidr());
    assertThat(number(machine.get("clear_tid_addr"))).isEqualTo(state.clearChildTid());
    JsonNode actions = core.get("tc").get("sigactions");
    assertThat(actions).hasSize(62);
    JsonNode child = actions.get(15); // the 17th signal; that which can't be handled is left out
    SignalState.Action expected = state.signals().actions().get(1);
    assertThat(number(child.get("sigaction"))).isEqualTo(expected.handler());
    assertThat(number(child.get("mask"))).isEqualTo(expected.mask());
    assertThat(number(core.get("tc").get("blk_sigset"))).isEqualTo(state.signals().mask());
    assertThat(core.get("thread_core").get("creds").get("uid").asInt()).isEqualTo(1000);
    assertThat(numbers(core.get("thread_core").get("creds").get("cap_prm"))).containsOnly(0);
    assertThat(core.get("tc").get("rlimits").get("rlimits")).hasSize(4);
    JsonNode sequences = core.get("thread_core").get("rseq_entry");
    Rseq rseq = Objects.requireNonNull(state.rseq());
    assertThat(number(sequences.get("rseq_abi_pointer"))).isEqualTo(rseq.address());
    assertThat(number(sequences.get("rseq_abi_size"))).isEqualTo(rseq.bytes());
    assertThat((int) number(sequences.get("signature"))).isEqualTo(rseq.signature());
  }

  /// Reads memory as CRIU's map tells it.
  private static void memory(ProcessState state, Path images) throws IOException {
    byte[] pages = Files.readAllBytes(images.resolve("pages-1.img"));
    TreeMap<Long, String> found = new TreeMap<>();
    int at = 0;
    for (JsonNode each : decoded(images.resolve("pagemap-4321.img")).get("entries")) {
      for (int i = 0; each.has("nr_pages") && i < each.get("nr_pages").asInt(); i++) {
        found.put(
            each.get("vaddr").asLong() + (long) i * PAGE,
            new String(pages, at, PAGE, StandardCharsets.ISO_8859_1));
        at += PAGE;
      }
    }
    assertThat(at).isEqualTo(pages.length);
    TreeMap<Long, String> expected =
        new TreeMap<>(SomeProcess.contents(state, SomeProcess.memory()));
    expected.remove(SomeProcess.SHARED); // with a file, of which CRIU keeps no contents
    assertThat(found).isEqualTo(expected);
  }

  private static final long LIBRARY = 0x7f8000000000L;
  private static final long VVAR = 0x7f8000100000L;
  private static final long VDSO = VVAR + 2 * PAGE;
  private static final long STACK_END = 0x7fe000000000L;
  private static final long SEQUENCES = 0x5000_1020;

  /// Writes what `criu dump` would have written of a process on a machine: a library of which one
  /// page was changed, the kernel's code and data, a stack that grows, a terminal.
  private Path dumped() throws IOException {
    Path root = Files.createDirectories(folder.resolve("root/lib"));
    byte[] library = new byte[3 * PAGE + 100];
    Arrays.fill(library, (byte) 'L');
    Files.write(root.resolve("libx.so"), library);
    Path images = Files.createDirectory(folder.resolve("dumped"));
    encode(
        images.resolve("inventory.img"),
        image(
            "INVENTORY",
            """
            {"img_version": 2, "fdinfo_per_id": true, "ns_per_id": true, "root_cg_set": 1,
             "root_ids": {"vm_id": 1, "files_id": 1, "fs_id": 1, "sighand_id": 1, "pid_ns_id": 1},
             "lsmtype": "APPARMOR", "network_lock_method": 1}
            """));
    encode(
        images.resolve("pstree.img"),
        image("PSTREE", "{'pid': 77, 'ppid': 0, 'pgid': 77, 'sid': 50, 'threads': [77]}"));
    encode(
        images.resolve("ids-77.img"),
        image("IDS", "{'vm_id': 2, 'files_id': 2, 'fs_id': 2, 'sighand_id': 2, 'pid_ns_id': 1}"));
    encode(images.resolve("fs-77.img"), image("FS", "{'cwd_id': 11, 'root_id': 12, 'umask': 18}"));
    encode(
        images.resolve("fdinfo-2.img"),
        image(
            "FDINFO",
            "{'id': 5, 'flags': 0, 'type': 'TTY', 'fd': 0}",
            "{'id': 5, 'flags': 0, 'type': 'TTY', 'fd': 1}",
            "{'id': 6, 'flags': 0, 'type': 'PIPE', 'fd': 2}",
            "{'id': 5, 'flags': 1, 'type': 'TTY', 'fd': 255}",
            "{'id': 13, 'flags': 1, 'type': 'REG', 'fd': 3}"));
    String own = "'fown': {'uid': 0, 'euid': 0, 'signum': 0, 'pid_type': 0, 'pid': 0}";
    encode(
        images.resolve("files.img"),
        image(
            "FILES",
            "{'type': 'TTY', 'id': 5, 'tty': {'id': 5, 'tty_info_id': 1, 'flags': 2, " + own + "}}",
            "{'type': 'PIPE', 'id': 6, 'pipe': {'id': 6, 'pipe_id': 9, 'flags': 1, " + own + "}}",
            file(10, "/usr/bin/some", "", own),
            file(11, "/", "", own),
            file(12, "/", "", own),
            file(13, "/lib/libx.so", ", 'size': " + library.length, own)));
    encode(images.resolve("core-77.img"), image("CORE", core()));
    encode(images.resolve("mm-77.img"), image("MM", mm()));
    pages(images);
    return images;
  }

  private static String file(int id, String name, String more, String own) {
    return "{'type': 'REG', 'id': %d, 'reg': {'id': %d, 'flags': 32768, 'pos': 40, %s, 'name': '%s'%s}}"
        .formatted(id, id, own, name, more)
        .replace("32768", id == 13 ? "131072" : "0");
  }

  private static ObjectNode image(String magic, String... entries) throws IOException {
    ObjectNode root = JSON.createObjectNode().put("magic", magic);
    ArrayNode all = root.putArray("entries");
    for (String entry : entries) {
      all.add(JSON.readTree(entry.replace('\'', '"')));
    }
    return root;
  }

  private static String core() {
    String none = "{'sigaction': 0, 'flags': 0, 'restorer': 0, 'mask': 0}";
    String handled = "{'sigaction': 4198400, 'flags': 268435456, 'restorer': 0, 'mask': 1024}";
    String timer = "{'isec': 0, 'iusec': 0, 'vsec': 0, 'vusec': 0}";
    StringBuilder actions = new StringBuilder(none).append(", ").append(handled);
    for (int i = 2; i < 62; i++) {
      actions.append(", ").append(none);
    }
    String regs = Arrays.toString(new long[31]).replaceFirst("0", "18446744073709551615");
    return """
    {'mtype': 'AARCH64',
     'ti_aarch64': {'clear_tid_addr': '0x50001000', 'tls': 1342181376,
       'gpregs': {'regs': %s, 'sp': '0x7fdffffff000', 'pc': '0x401000', 'pstate': '0x60001000'},
       'fpsimd': {'vregs': %s, 'fpsr': 16, 'fpcr': 0}},
     'tc': {'task_state': 1, 'exit_code': 0, 'personality': 0, 'flags': 4194304,
       'blk_sigset': '0x2', 'comm': 'some', 'cg_set': 1, 'loginuid': 4294967295,
       'oom_score_adj': 0, 'signals_s': {},
       'timers': {'real': %s, 'virt': %s, 'prof': %s},
       'rlimits': {'rlimits': [{'cur': 18446744073709551615, 'max': 18446744073709551615},
         {'cur': 18446744073709551615, 'max': 18446744073709551615},
         {'cur': 18446744073709551615, 'max': 18446744073709551615},
         {'cur': 8388608, 'max': 18446744073709551615}]},
       'sigactions': [%s]},
     'thread_core': {'futex_rla': 1342181600, 'futex_rla_len': 24, 'sched_nice': 0,
       'sched_policy': 0, 'sas': {'ss_sp': 0, 'ss_size': 0, 'ss_flags': 2}, 'signals_p': {},
       'creds': {'uid': 1000, 'gid': 1000, 'euid': 1000, 'egid': 1000, 'suid': 1000, 'sgid': 1000,
         'fsuid': 1000, 'fsgid': 1000, 'cap_inh': [0, 0], 'cap_prm': [0, 0], 'cap_eff': [0, 0],
         'cap_bnd': [4294967295, 511], 'secbits': 0, 'groups': [1000]},
       'comm': 'some',
       'rseq_entry': {'rseq_abi_pointer': %d, 'rseq_abi_size': 32, 'signature': 3561988096}}}
    """
        .formatted(regs, Arrays.toString(new long[64]), timer, timer, timer, actions, SEQUENCES);
  }

  private static String mm() {
    return """
    {'mm_start_code': '0x400000', 'mm_end_code': '0x402000', 'mm_start_data': '0x402000',
     'mm_end_data': '0x403000', 'mm_start_stack': '0x7fdfffffff00', 'mm_start_brk': '0x600000',
     'mm_brk': '0x602000', 'mm_arg_start': '0x7fdfffffff80', 'mm_arg_end': '0x7fdfffffff88',
     'mm_env_start': '0x7fdfffffff88', 'mm_env_end': '0x7fdfffffff8c', 'exe_file_id': 10,
     'mm_saved_auxv': [6, 4096, 9, 4198400, 16, 2303, 0, 0], 'dumpable': 1,
     'vmas': [%s, %s, %s, %s, %s, %s, %s]}
    """
        .formatted(
            vma(0x400000, 2, 5, 0x22, 0x201, 0),
            vma(0x600000, 2, 3, 0x22, 0x221, 0),
            vma(0x50000000, 2, 3, 0x22, 0x201, 0),
            vma(LIBRARY, 5, 1, 0x2, 0x41, 13),
            vma(VVAR, 2, 1, 0x22, 0x1201, 0),
            vma(VDSO, 1, 5, 0x22, 0x209, 0),
            vma(STACK_END - 4 * PAGE, 4, 3, 0x122, 0x201, 0));
  }

  private static String vma(long start, int pages, int prot, int flags, int status, int file) {
    return "{'start': %d, 'end': %d, 'pgoff': 0, 'shmid': %d, 'prot': %d, 'flags': %d, 'status': %d, 'fd': -1}"
        .formatted(start, start + (long) pages * PAGE, file, prot, flags, status);
  }

  /// Two pages of code, one of the heap's neighbour, one changed one of the library, the kernel's
  /// code, the top of the stack.
  private void pages(Path images) throws IOException {
    encode(
        images.resolve("pagemap-77.img"),
        image(
            "PAGEMAP",
            "{'pages_id': 1}",
            "{'vaddr': '0x400000', 'nr_pages': 2, 'flags': 'PE_LAZY | PE_PRESENT'}",
            "{'vaddr': '0x50001000', 'nr_pages': 1, 'flags': 'PE_PRESENT'}",
            "{'vaddr': %d, 'nr_pages': 1, 'flags': 4}".formatted(LIBRARY + PAGE),
            "{'vaddr': %d, 'nr_pages': 1, 'flags': 4}".formatted(VDSO),
            "{'vaddr': %d, 'nr_pages': 1, 'flags': 6}".formatted(STACK_END - PAGE)));
    ByteBuffer pages = ByteBuffer.allocate(6 * PAGE).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.fill(pages.array(), 0, 2 * PAGE, (byte) 'C');
    pages.putInt(2 * PAGE + 0x20, 3).putInt(2 * PAGE + 0x24, 3); // on the third processor
    Arrays.fill(pages.array(), 3 * PAGE, 4 * PAGE, (byte) 'X');
    // the kernel's code: as QEMU has it, at another address
    pages
        .putInt(4 * PAGE, 0x464c457f)
        .putLong(4 * PAGE + 32, 64)
        .putShort(4 * PAGE + 56, (short) 2);
    pages.putInt(4 * PAGE + 64, 1).putInt(4 * PAGE + 120, 2).putLong(4 * PAGE + 128, 256);
    pages.putLong(4 * PAGE + 256, 5).putLong(4 * PAGE + 264, 512);
    pages.putLong(4 * PAGE + 272, 6).putLong(4 * PAGE + 280, 464);
    pages.putInt(4 * PAGE + 464 + 24, 1).putLong(4 * PAGE + 464 + 32, 1024);
    pages.put(4 * PAGE + 513, "__kernel_clock_gettime\0".getBytes(StandardCharsets.US_ASCII));
    pages.put(5 * PAGE + 0xf80, "some\0-x\0A=b\0".getBytes(StandardCharsets.US_ASCII));
    Files.write(images.resolve("pages-1.img"), pages.array());
  }

  private CriuImport open(Path images, Ignorable... ignored) throws IOException {
    return CriuImport.open(
        images, new CriuImport.Options(folder.resolve("root"), "neoverse-n1", Set.of(ignored)));
  }

  @Test
  void writesWhatIsRead() throws Exception {
    Path library = folder.resolve("root/lib/libx.so");
    try (CriuImport imported = open(dumped())) {
      ProcessState process = imported.process();
      assertThat(process.program()).containsExactly("/usr/bin/some", "-x");
      assertThat(process.start().environment()).containsExactly("A=b");
      assertThat(process.registers().x()[0]).isEqualTo(-1);
      assertThat(process.registers().pc()).isEqualTo(0x401000);
      assertThat(process.registers().pstate()).isEqualTo(0x60001000);
      assertThat(process.signals().actions())
          .containsExactly(new SignalState.Action(2, 4198400, 268435456, 0, 1024));
      assertThat(process.files()).extracting(OpenFile::descriptor).containsExactly(0, 1, 2, 3, 255);
      assertThat(process.files().get(1).description()).isZero();
      assertThat(process.files().get(2).description()).isEqualTo(2);
      assertThat(process.files().get(4).description()).isZero();
      OpenFile file = process.files().get(3);
      assertThat(file.path()).isEqualTo(library.toRealPath().toString());
      assertThat(file.offset()).isEqualTo(40);
      assertThat(file.closesOnExec()).isTrue();
      assertThat(process.mappings())
          .extracting(Mapping::kind)
          .containsExactly(
              Mapping.Kind.ANONYMOUS,
              Mapping.Kind.HEAP,
              Mapping.Kind.ANONYMOUS,
              Mapping.Kind.FILE,
              Mapping.Kind.ANONYMOUS,
              Mapping.Kind.VDSO,
              Mapping.Kind.STACK);
      assertThat(process.mappings().getLast().bytes())
          .as("a stack as long as it may become")
          .isEqualTo(8 << 20);
      contents(SomeProcess.contents(process, imported.memory()));
    }
  }

  private static void contents(Map<Long, String> found) {
    String file = "L".repeat(PAGE);
    assertThat(found)
        .containsEntry(LIBRARY, file)
        .containsEntry(LIBRARY + PAGE, "X".repeat(PAGE))
        .containsEntry(LIBRARY + 2 * PAGE, file)
        .containsEntry(LIBRARY + 3 * PAGE, "L".repeat(100) + "\0".repeat(PAGE - 100))
        .doesNotContainKey(LIBRARY + 4 * PAGE)
        .doesNotContainKey(VVAR)
        .containsKeys(0x400000L, 0x401000L, STACK_END - PAGE);
    assertThat(Objects.requireNonNull(found.get(SEQUENCES & -PAGE)).substring(0x20, 0x28))
        .as("no processor, as nothing is registered")
        .isEqualTo("\0\0\0\0\u00fe\u00ff\u00ff\u00ff");
    assertThat(Objects.requireNonNull(found.get(VDSO)).substring(1024, 1036))
        .as("mov x8, #113; svc #0; ret")
        .isEqualTo("(\u000e\u0080\u00d2\1\0\0\u00d4\u00c0\u0003_\u00d6");
  }

  /// The fields that came with CRIU 4, which `crit` of 3.17 can't write: behind each other, parts
  /// of a message are one.
  @Test
  void readsWhatNewerOnesAdd() throws Exception {
    Path images = dumped();
    append(images.resolve("inventory.img"), 4, field(12), text(13, "run-id"), bool(14));
    append(images.resolve("core-77.img"), 8, field(3, bool(22, 0)), field(5, bool(16)));
    try (CriuImport imported = open(images)) {
      assertThat(imported.number()).isEqualTo(77);
    }
    append(images.resolve("core-77.img"), 8, field(8, field(5, field(6, bool(1), bool(9)))));
    assertThatThrownBy(() -> open(images))
        .isInstanceOf(CheckpointException.class)
        .hasMessageEndingWith(
            "it has keys to sign addresses with (pointer authentication);"
                + " --ignore pac-keys if that does not matter");
    open(images, Ignorable.PAC_KEYS).close();
    append(images.resolve("core-77.img"), 8, field(3, bool(22)));
    assertThatThrownBy(() -> open(images, Ignorable.PAC_KEYS))
        .hasMessageEndingWith("--ignore membarrier if that does not matter");
    append(images.resolve("inventory.img"), 4, field(12, text(12, "amdgpu_plugin")));
    assertThatThrownBy(() -> open(images)).hasMessageEndingWith("it needs a plugin of CRIU's");
  }

  /// Lengthens the first message of an image.
  ///
  /// @param at where its length lies
  private static void append(Path image, int at, byte[]... fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(Files.readAllBytes(image));
    for (byte[] each : fields) {
      bytes.write(each);
    }
    ByteBuffer all = ByteBuffer.wrap(bytes.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(image, all.putInt(at, all.capacity() - at - 4).array());
  }

  private static byte[] field(int number, byte[]... parts) throws IOException {
    ByteArrayOutputStream inner = new ByteArrayOutputStream();
    for (byte[] each : parts) {
      inner.write(each);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    varint(bytes, number << 3 | 2);
    varint(bytes, inner.size());
    bytes.write(inner.toByteArray());
    return bytes.toByteArray();
  }

  private static byte[] text(int number, String text) throws IOException {
    return field(number, text.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] bool(int number) {
    return bool(number, 1);
  }

  private static byte[] bool(int number, int value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    varint(bytes, number << 3);
    varint(bytes, value);
    return bytes.toByteArray();
  }

  private static void varint(ByteArrayOutputStream bytes, int value) {
    int left = value;
    while (left > 127) {
      bytes.write((left & 127) | 128);
      left >>>= 7;
    }
    bytes.write(left);
  }
}
