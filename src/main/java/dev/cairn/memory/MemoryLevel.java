package dev.cairn.memory;

/// What answers the requests of a cache: another cache, or the memory itself.
///
/// Time is carried along: a request names the cycle it is made in and the answer is the cycle the
/// line arrives in. Requests may come slightly out of the order of their cycles, as the instruction
/// and the data side do. The `warm` methods change what is held and no time.
public interface MemoryLevel {
  /// Asks for the line that holds an address.
  ///
  /// @return the cycle in which the line arrives
  long read(long address, long cycle);

  /// Takes back a changed line; nobody waits for it.
  void write(long address, long cycle);

  /// Does what [#read] does to the contents, without time.
  void warmRead(long address);

  /// Does what [#write] does to the contents, without time.
  void warmWrite(long address);
}
