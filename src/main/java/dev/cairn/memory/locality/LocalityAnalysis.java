package dev.cairn.memory.locality;

import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.program.CodeLocation;
import dev.cairn.program.isa.Isa;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Follows how a run comes back to its data: an access that crosses lines touches each of them, and
/// one that crosses pages each of these.
///
/// Threads are taken together, in the order in which their batches come.
///
/// **Cost**: a look-up of the line and of the instruction an access, and where the line is not that
/// of the access before, [StackDistances] or, sampled, a hash.
public final class LocalityAnalysis implements Analysis<LocalityProfile> {
  private final LocalityRequest request;
  private final int lineShift;
  private final int pageShift;
  private final PatternTable patterns;
  private final TouchCounts lines = new TouchCounts();
  private final TouchCounts pages = new TouchCounts();
  private final StackDistances distances = new StackDistances();
  private final DistanceCounts counts = new DistanceCounts();
  private final @Nullable SampledDistances sampled;
  private final List<LocalityProfile.Slice> slices = new ArrayList<>();
  private final List<LocalityProfile.Heat> heat = new ArrayList<>();

  /// By line: the place of the instruction that accessed it last, and its thread.
  private int[] lastPlaces = new int[1 << 10];

  private int[] lastThreads = new int[1 << 10];
  private long lastLine = -1;
  private int lastNumber;
  private long lastPage = -1;
  private int lastPageNumber;

  /// Whether another thread accessed a line last that the access touches.
  private boolean shares;

  private long instructions;
  private long sliceFrom;
  private long loads;
  private long stores;

  /// @param locator says where the code at an address comes from as of now, with its line
  public LocalityAnalysis(
      LocalityRequest request, Isa isa, LongFunction<@Nullable CodeLocation> locator) {
    this.request = request;
    lineShift = Integer.numberOfTrailingZeros(request.lineBytes());
    pageShift = Integer.numberOfTrailingZeros(request.pageBytes());
    patterns = new PatternTable(isa, locator, request.lineBytes());
    sampled = request.sampleRate() == 0 ? null : new SampledDistances(request.sampleRate());
  }

  @Override
  public void define(BlockDefinition block) {
    patterns.define(block);
  }

  @Override
  public void accept(Batch batch) {
    long[] words = batch.words();
    int first = 0;
    long before = instructions;
    int begun = 0;
    for (int i = 0; i < batch.length(); i++) {
      long word = words[i];
      long kind = word >>> EventWord.KIND_SHIFT;
      if (kind == EventWord.EXECUTION) {
        begun = EventWord.first(word);
        before = instructions;
        instructions += EventWord.end(word) - begun;
        first = patterns.first(EventWord.block(word));
      } else if (kind == EventWord.ACCESS) {
        int instruction = EventWord.instruction(word);
        endSlices(before + instruction - begun);
        access(word, first + instruction, batch.thread());
      }
    }
    endSlices(instructions);
  }

  private void endSlices(long now) {
    while (now - sliceFrom >= request.intervalInstructions()) {
      endSlice(request.intervalInstructions());
    }
  }

  private void endSlice(long length) {
    slices.add(
        new LocalityProfile.Slice(
            sliceFrom, length, lines.inSlice(), lines.newInSlice(), pages.inSlice()));
    if (request.heat()) {
      pages.addHeat(pageShift, heat);
    }
    lines.endSlice();
    pages.endSlice();
    sliceFrom += length;
    lastLine = -1; // so that what is accessed next is touched anew
    lastPage = -1;
  }

  private void access(long word, int place, int thread) {
    long address = EventWord.address(word);
    boolean store = EventWord.isStore(word);
    stores += store ? 1 : 0;
    loads += store ? 0 : 1;
    patterns.access(place, address, store);
    long last = address + EventWord.bytes(word) - 1;
    touchPage(address >>> pageShift);
    for (long page = address >>> pageShift; page != last >>> pageShift; ) {
      touchPage(++page);
    }
    shares = false;
    int other = touch(address >>> lineShift, place, thread);
    for (long line = address >>> lineShift; line != last >>> lineShift; ) {
      int before = touch(++line, place, thread);
      other = other < 0 ? before : other;
    }
    if (other >= 0) {
      patterns.follows(place, other);
    }
    if (shares) {
      patterns.shares(place);
    }
  }

  private void touchPage(long page) {
    if (page == lastPage) {
      pages.addAgain(lastPageNumber);
    } else {
      lastPage = page;
      lastPageNumber = pages.add(page);
    }
  }

  /// {@return the place of the instruction that accessed a line last, if that is another one; -1
  /// otherwise}
  private int touch(long line, int place, int thread) {
    boolean again = line == lastLine;
    if (again) {
      lines.addAgain(lastNumber);
    } else {
      lastLine = line;
      lastNumber = lines.add(line);
    }
    reuse(line, lastNumber, again);
    return remember(lastNumber, place, thread);
  }

  private void reuse(long line, int number, boolean again) {
    if (sampled == null) {
      counts.add(again ? 0 : distances.access(number));
    } else if (again) {
      sampled.accessAgain();
    } else {
      sampled.access(line);
    }
  }

  private int remember(int number, int place, int thread) {
    if (number >= lastPlaces.length) {
      lastPlaces = Arrays.copyOf(lastPlaces, lastPlaces.length * 2);
      lastThreads = Arrays.copyOf(lastThreads, lastThreads.length * 2);
    }
    int before = lastPlaces[number] - 1;
    shares |= before >= 0 && lastThreads[number] != thread;
    lastPlaces[number] = place + 1;
    lastThreads[number] = thread;
    return before < 0 || before == place || patterns.areOne(place, before) ? -1 : before;
  }

  @Override
  public LocalityProfile result() {
    if (instructions > sliceFrom) {
      endSlice(instructions - sliceFrom);
    }
    MissRatioCurve curve =
        sampled == null
            ? new MissRatioCurve(counts.accesses(), counts.cold(), counts.points(), null)
            : sampled.curve();
    return new LocalityProfile(
        request,
        instructions,
        loads,
        stores,
        lines.size(),
        pages.size(),
        curve,
        slices,
        lines.hottest(lineShift, LocalityProfile.HOT_LINES),
        pages.hottest(pageShift, Integer.MAX_VALUE),
        heat,
        patterns.patterns());
  }
}
