package dev.cairn.profile.block;

import dev.cairn.event.BlockDefinition;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The instructions that all defined blocks are made of, each once: a node is an address together
/// with the bytes that stood there.
///
/// **Shape**: nodes are numbered from 0 in the order of first definition. The nodes of block `b`
/// are `node(b, 0)` to `node(b, length - 1)`. Nodes at one address with different bytes share a
/// *place*, which is the number of the first of them.
///
/// Grows with each definition, while the guest runs, so that little is left to do at the end.
public final class InstructionGraph {
  private static final int NONE = -1;

  private final Isa isa;
  private final List<BlockDefinition> blocks = new ArrayList<>();

  /// Where the nodes of each block begin in `nodes`, and where the last one's end.
  private int[] firsts = new int[1 << 10];

  private int[] nodes = new int[1 << 12];
  private int size;
  private long[] addresses = new long[1 << 12];
  private byte[] sizes = new byte[1 << 12];
  private boolean[] enders = new boolean[1 << 12];
  private int[] places = new int[1 << 12];

  /// Where a node's bytes stand: block and offset.
  private int[] holders = new int[1 << 12];

  private int[] offsets = new int[1 << 12];

  /// Nodes by address, at most half full.
  private int[] table = emptyTable(1 << 13);

  public InstructionGraph(Isa isa) {
    this.isa = isa;
  }

  private static int[] emptyTable(int slots) {
    int[] table = new int[slots];
    Arrays.fill(table, NONE);
    return table;
  }

  /// Takes the next block.
  public void add(BlockDefinition block) {
    int b = blocks.size();
    blocks.add(block);
    if (b + 1 == firsts.length) {
      firsts = Arrays.copyOf(firsts, firsts.length * 2);
    }
    int first = firsts[b];
    int count = block.instructions();
    if (first + count > nodes.length) {
      nodes = Arrays.copyOf(nodes, Math.max(Math.addExact(first, count), nodes.length * 2));
    }
    int offset = 0;
    for (int i = 0; i < count; i++) {
      int bytes = block.sizes()[i];
      nodes[first + i] = intern(b, block.pc() + offset, offset, bytes);
      offset += bytes;
    }
    firsts[b + 1] = first + count;
  }

  private int intern(int holder, long address, int offset, int bytes) {
    int place = NONE;
    int slot = slot(address);
    while (table[slot] != NONE) {
      int node = table[slot];
      if (addresses[node] == address) {
        place = place == NONE ? places[node] : place;
        if (sizes[node] == bytes && sameBytes(node, holder, offset, bytes)) {
          return node;
        }
      }
      slot = slot + 1 & table.length - 1;
    }
    if (size == addresses.length) {
      grow();
      return intern(holder, address, offset, bytes);
    }
    int node = size++;
    table[slot] = node;
    addresses[node] = address;
    sizes[node] = (byte) bytes;
    enders[node] = isa.decode(address, blocks.get(holder).code(), offset).branch().endsBlock();
    places[node] = place == NONE ? node : place;
    holders[node] = holder;
    offsets[node] = offset;
    return node;
  }

  private void grow() {
    int capacity = Math.multiplyExact(size, 2);
    addresses = Arrays.copyOf(addresses, capacity);
    sizes = Arrays.copyOf(sizes, capacity);
    enders = Arrays.copyOf(enders, capacity);
    places = Arrays.copyOf(places, capacity);
    holders = Arrays.copyOf(holders, capacity);
    offsets = Arrays.copyOf(offsets, capacity);
    table = emptyTable(Math.multiplyExact(table.length, 2));
    for (int node = 0; node < size; node++) {
      int slot = slot(addresses[node]);
      while (table[slot] != NONE) {
        slot = slot + 1 & table.length - 1;
      }
      table[slot] = node;
    }
  }

  private boolean sameBytes(int node, int holder, int offset, int bytes) {
    return Arrays.equals(
        blocks.get(holders[node]).code(),
        offsets[node],
        offsets[node] + bytes,
        blocks.get(holder).code(),
        offset,
        offset + bytes);
  }

  private int slot(long address) {
    long mixed = address * 0x9e3779b97f4a7c15L;
    return (int) (mixed >>> 32) & table.length - 1;
  }

  /// {@return how many nodes there are}
  public int size() {
    return size;
  }

  /// {@return how many blocks were defined}
  public int blocks() {
    return blocks.size();
  }

  public int length(int block) {
    return firsts[block + 1] - firsts[block];
  }

  public int node(int block, int index) {
    return nodes[firsts[block] + index];
  }

  public long address(int node) {
    return addresses[node];
  }

  public int bytes(int node) {
    return sizes[node];
  }

  /// {@return whether a block ends behind the node}
  public boolean isEnder(int node) {
    return enders[node];
  }

  /// {@return what all nodes at the same address have in common}
  public int place(int node) {
    return places[node];
  }

  /// {@return the block that first brought the node}
  public int holder(int node) {
    return holders[node];
  }

  /// {@return the place at an address, or -1 if no instruction was seen there}
  public int placeAt(long address) {
    int slot = slot(address);
    while (table[slot] != NONE) {
      if (addresses[table[slot]] == address) {
        return places[table[slot]];
      }
      slot = slot + 1 & table.length - 1;
    }
    return NONE;
  }
}
