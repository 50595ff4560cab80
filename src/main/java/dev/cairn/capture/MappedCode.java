package dev.cairn.capture;

import dev.cairn.program.AddressSpace;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.ElfImage;
import dev.cairn.program.ElfSegment;
import dev.cairn.program.GuestProgram;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a guest's code comes from, followed while it runs.
///
/// Used on the capture's thread, and after the run by whoever asks where it ended.
public final class MappedCode implements RunObserver {
  private final GuestCommand command;
  private final RunObserver next;
  private final AddressSpace space = new AddressSpace();

  /// Follows a run.
  ///
  /// @param next is told of everything as well
  public MappedCode(GuestCommand command, RunObserver next) {
    this.command = command;
    this.next = next;
  }

  /// {@return what lies at an address now, or null if no file is mapped there}
  public @Nullable CodeLocation locate(long pc) {
    return space.locate(pc);
  }

  @Override
  public void progress(long instructions) {
    next.progress(instructions);
  }

  @Override
  public void programLoaded(long entryPoint, long interpreterBase) {
    Path folder = command.workingDirectory() == null ? Path.of("") : command.workingDirectory();
    try {
      GuestProgram program =
          GuestProgram.find(
              command.program(), command.sysroot(), command.environment(), null, folder);
      map(program.path(), program.image(), entryPoint - program.image().entry());
      if (interpreterBase != 0 && program.interpreter() != null) {
        ElfImage interpreter = ElfImage.open(program.interpreter());
        map(program.interpreter(), interpreter, interpreterBase);
      }
    } catch (IOException e) {
      // Code that cannot be located is shown by its address alone.
    }
    next.programLoaded(entryPoint, interpreterBase);
  }

  private void map(Path path, ElfImage image, long bias) throws IOException {
    for (ElfSegment segment : image.segments()) {
      if (segment.isLoaded()) {
        space.mapImage(path.toAbsolutePath().toString(), bias + segment.virtualAddress());
        return;
      }
    }
  }

  @Override
  public void mapped(long address, long bytes, long fileOffset, String path) {
    space.map(address, bytes, fileOffset, path);
    next.mapped(address, bytes, fileOffset, path);
  }

  @Override
  public void unmapped(long address, long bytes) {
    space.unmap(address, bytes);
    next.unmapped(address, bytes);
  }
}
