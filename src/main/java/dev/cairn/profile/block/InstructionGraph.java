package dev.cairn.profile.block;

import dev.cairn.event.BlockDefinition;
import java.util.Arrays;
import java.util.List;

/// The instructions that all defined blocks are made of, each once: a node is an address together
/// with the bytes that stood there.
///
/// **Shape**: nodes are numbered from 0 in the order of first definition. The nodes of block `b`
/// are `node(b, 0)` to `node(b, length - 1)`. Nodes at one address with different bytes share a
/// *place*, which is the number of the first of them.
public final class InstructionGraph {
  private static final int NONE = -1;

  private final List<BlockDefinition> blocks;
  private final int[] firsts;
  private final int[] nodes;
  private int size;
  private long[] addresses;
  private byte[] sizes;
  private int[] places;

  /// Where a node's bytes stand: block and offset.
  private int[] holders;

  private int[] offsets;

  private int[] table;

  public InstructionGraph(List<BlockDefinition> blocks) {
    this.blocks = blocks;
    int total = 0;
    firsts = new int[blocks.size() + 1];
    for (int b = 0; b < blocks.size(); b++) {
      firsts[b] = total;
      total = Math.addExact(total, blocks.get(b).instructions());
    }
    firsts[blocks.size()] = total;
    nodes = new int[total];
    addresses = new long[Math.max(total, 1)];
    sizes = new byte[addresses.length];
    places = new int[addresses.length];
    holders = new int[addresses.length];
    offsets = new int[addresses.length];
    table = new int[Math.max(16, Integer.highestOneBit(Math.max(total, 1)) * 4)];
    Arrays.fill(table, NONE);
    for (int b = 0; b < blocks.size(); b++) {
      addBlock(b);
    }
    addresses = Arrays.copyOf(addresses, size);
    sizes = Arrays.copyOf(sizes, size);
    places = Arrays.copyOf(places, size);
    holders = Arrays.copyOf(holders, size);
    offsets = Arrays.copyOf(offsets, size);
  }

  private void addBlock(int b) {
    BlockDefinition block = blocks.get(b);
    int offset = 0;
    for (int i = 0; i < block.instructions(); i++) {
      int bytes = block.sizes()[i];
      nodes[firsts[b] + i] = intern(b, block.pc() + offset, offset, bytes);
      offset += bytes;
    }
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
    int node = size++;
    table[slot] = node;
    addresses[node] = address;
    sizes[node] = (byte) bytes;
    places[node] = place == NONE ? node : place;
    holders[node] = holder;
    offsets[node] = offset;
    return node;
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

  public BlockDefinition block(int block) {
    return blocks.get(block);
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
