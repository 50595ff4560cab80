package dev.cairn.capture;

import dev.cairn.program.AddressSpace;
import dev.cairn.program.GuestProgram;
import dev.cairn.program.elf.ElfImage;
import dev.cairn.program.elf.ElfSegment;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/// Follows what is mapped where in a guest, so that its code can be named, and passes everything on
/// to another observer.
public final class GuestMap implements RunObserver {
  private final @Nullable GuestProgram program;
  private final RunObserver next;
  private final AddressSpace addresses;

  /// @param program null if it is not there, but what a checkpoint of it holds
  public GuestMap(@Nullable GuestProgram program, RunObserver next) {
    this.program = program;
    this.next = next;
    this.addresses = new AddressSpace(program == null ? null : program.sysroot());
  }

  /// {@return the guest's address space as of now; for the capture's thread}
  public AddressSpace addresses() {
    return addresses;
  }

  @Override
  public void progress(long instructions) {
    next.progress(instructions);
  }

  @Override
  public void programLoaded(long entryPoint, long interpreterBase) {
    if (program == null) {
      throw new IllegalStateException("a program was loaded that nobody has found");
    }
    try {
      ElfImage image = program.image();
      addresses.mapImage(image, entryPoint - image.entry() + firstAddress(image));
      if (interpreterBase != 0 && program.interpreter() != null) {
        addresses.mapImage(ElfImage.open(program.interpreter()), interpreterBase);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // read when the program was looked up, and gone since
    }
    next.programLoaded(entryPoint, interpreterBase);
  }

  private static long firstAddress(ElfImage image) {
    for (ElfSegment segment : image.segments()) {
      if (segment.isLoaded()) {
        return segment.virtualAddress();
      }
    }
    return 0;
  }

  @Override
  public void threadStarted(int thread) {
    next.threadStarted(thread);
  }

  @Override
  public void mapped(long address, long bytes, long fileOffset, String path) {
    addresses.map(address, bytes, fileOffset, path);
    next.mapped(address, bytes, fileOffset, path);
  }

  @Override
  public void unmapped(long address, long bytes) {
    addresses.unmap(address, bytes);
    next.unmapped(address, bytes);
  }
}
