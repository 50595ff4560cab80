package dev.cairn.memory.simulation;

import dev.cairn.event.AddressTranslation;
import dev.cairn.event.Analysis;
import dev.cairn.event.Batch;
import dev.cairn.event.BlockDefinition;
import dev.cairn.event.EventWord;
import dev.cairn.event.SettledRule;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;
import dev.cairn.memory.simulation.level.SettledLines;
import dev.cairn.memory.simulation.level.SimulatedHierarchy;
import dev.cairn.memory.simulation.place.DataPlace;
import dev.cairn.memory.simulation.place.DataRanges;
import dev.cairn.memory.simulation.result.CacheProfile;
import dev.cairn.memory.simulation.result.CacheRequest;
import dev.cairn.memory.simulation.result.Grouping;
import dev.cairn.memory.simulation.result.HierarchyResult;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Simulates hierarchies of caches, all on the same run.
///
/// Instructions and accesses come to each hierarchy in the order in which they were executed, those
/// of several threads as batches of them come: a cache that threads share sees an order that was
/// possible, and that may be another one the next time.
///
/// **Cost**: an execution of a block and an access each cost a look into [SettledLines], which
/// answers for all hierarchies at once; the others go through each hierarchy.
public final class CacheAnalysis implements Analysis<CacheProfile> {
  private static final int ADDRESS_LEFT = Long.SIZE - EventWord.ADDRESS_BITS;

  private final CacheRequest request;
  private final DataRanges ranges;
  private final @Nullable AddressTranslation translation;
  private final DataPlace dataPlace;
  private final SettledLines fetched;
  private final SettledLines accessed;
  private final FirstCaches firsts;
  private final long fetchFlag;
  private final SimulatedHierarchy[] hierarchies;
  private final PageLookups pages;
  private final boolean translates;
  private final CodePlaces places;
  private final CacheRows code;
  private final RangeCounts rangeCounts;
  private final Timeline timeline;

  private int thread;
  private long instructions;

  /// Instructions up to the end of the slice.
  private long left;

  private long loads;
  private long stores;

  /// What did go to the hierarchies; the rest changes nothing there.
  private long loadsLookedUp;

  private long storesLookedUp;

  /// What the translation had changed when blocks were placed.
  private long changes;

  /// @param locator says where the code at an address comes from as of now, with its line
  /// @param ranges says where data lie; asked only if they are to be told apart
  public CacheAnalysis(
      CacheRequest request, LongFunction<@Nullable CodeLocation> locator, DataRanges ranges) {
    this(request, locator, ranges, null);
  }

  /// @param locator says where the code at an address comes from as of now, with its line
  /// @param ranges says where data lie; asked only if they are to be told apart
  /// @param translation says where in physical memory what is accessed lies, by which caches then
  ///   are indexed and tagged; null for virtual addresses, as those of translation buffers are
  public CacheAnalysis(
      CacheRequest request,
      LongFunction<@Nullable CodeLocation> locator,
      DataRanges ranges,
      @Nullable AddressTranslation translation) {
    this.translation = translation;
    this.request = request;
    this.ranges = ranges;
    dataPlace = new DataPlace(request.grouping() == Grouping.RANGE ? ranges : DataRanges.NONE);
    firsts = FirstCaches.of(request);
    fetched = firsts.fetched();
    accessed = firsts.accessed();
    fetchFlag = firsts.fetchFlag();
    hierarchies =
        request.hierarchies().stream()
            .map(h -> new SimulatedHierarchy(h, request.kinds(), dataPlace, fetched, accessed))
            .toArray(SimulatedHierarchy[]::new);
    pages = new PageLookups(hierarchies, dataPlace);
    translates = pages.translates();
    places = new CodePlaces(locator, request.grouping());
    code = new CacheRows(fetched, fetchFlag);
    rangeCounts = new RangeCounts(request.grouping() == Grouping.RANGE);
    timeline = new Timeline(hierarchies);
    left = request.intervalInstructions() == 0 ? Long.MAX_VALUE : request.intervalInstructions();
  }

  @Override
  public void define(BlockDefinition block) {
    int place = places.add(block);
    code.add(block, place);
    if (translation != null) {
      code.unplace(block.id());
    }
    for (SimulatedHierarchy hierarchy : hierarchies) {
      hierarchy.levels().forEach(level -> level.places().grow(places.size()));
    }
  }

  @Override
  public void systemCall(SystemCall call) {
    ranges.systemCall(call);
  }

  @Override
  public void systemReturn(SystemReturn result) {
    ranges.systemReturn(result);
  }

  @Override
  public void accept(Batch batch) {
    if (batch.thread() != thread) {
      turnTo(batch.thread());
    }
    boolean each = followsEach();
    if (translation != null && changes != translation.changes()) {
      changes = translation.changes();
      code.unplaceAll();
    }
    int counted = each ? followEach(batch) : followPlain(batch);
    count(batch.words(), counted, batch.length());
    instructions += batch.instructions();
  }

  /// Follows a batch where only caches are looked up.
  ///
  /// @return up to where in the batch accesses have been counted
  private int followPlain(Batch batch) {
    long[] words = batch.words();
    int end = batch.length();
    long[] rows = code.rows;
    long[] codeKeys = fetched.keys();
    int codeShift = fetched.groupShift();
    int codeMask = fetched.mask();
    long[] dataKeys = accessed.keys();
    int lineShift = accessed.lineShift();
    int dataShift = accessed.groupShift();
    int dataMask = accessed.mask();
    long[] accesses = places.accesses;
    int at = 0;
    int counted = 0;
    int place = 0;
    int count = 0;
    long line = 0;
    while (at < end) {
      long word = words[at++];
      long kind = word >>> EventWord.KIND_SHIFT;
      if (kind == EventWord.ACCESS) {
        accesses[place + EventWord.instruction(word)]++;
        long address = word << ADDRESS_LEFT >> ADDRESS_LEFT;
        long last = address + EventWord.bytes(word) - 1;
        long key = address >>> lineShift << SettledLines.FLAG_BITS;
        long store = word >>> EventWord.STORE_SHIFT;
        long flags = dataKeys[(int) (key >>> dataShift) & dataMask] ^ key;
        long settled = (flags & ~SettledLines.CHANGED) | (~flags & store);
        if ((settled | (address ^ last) >>> lineShift) != 0) {
          int instruction = EventWord.instruction(word);
          access(key, address, last, store != 0, place + instruction);
          if (isOf(instruction, words, at, end)) {
            at = data(words, at, end, place, instruction + 1, line, false);
          }
          if (instruction + 1 < count && fetchOn(line, place, instruction, count, words, at, end)) {
            at = data(words, at, end, place, count, line, true);
          }
        }
      } else if (kind == EventWord.EXECUTION) {
        int row = EventWord.block(word) << CacheRows.SHIFT;
        line = rows[row + CacheRows.KEY];
        count = (int) (rows[row + CacheRows.PLACE] >>> Integer.SIZE);
        place = (int) rows[row + CacheRows.PLACE];
        if (EventWord.first(word) == EventWord.end(word)) {
          count = 0; // it has been counted
        } else if (word != rows[row] || line == CacheRows.SEVERAL || count > left) {
          counted = execute(words, at, end, word, counted);
          at = skipAccesses(words, at, end);
        } else {
          left -= count;
          rows[row + CacheRows.EXECUTIONS]++;
          if (codeKeys[(int) (line >>> codeShift) & codeMask] != line
              && fetch(line, place)
              && fetchOn(line, place, 0, count, words, at, end)) {
            at = data(words, at, end, place, count, line, true);
          }
        }
      }
    }
    return counted;
  }

  /// Follows a batch, whatever is wanted of it.
  ///
  /// @return up to where in the batch accesses have been counted
  private int followEach(Batch batch) {
    long[] words = batch.words();
    int end = batch.length();
    long[] rows = code.rows;
    int at = 0;
    int counted = 0;
    while (at < end) {
      long word = words[at++];
      if (EventWord.kind(word) != EventWord.EXECUTION) {
        continue;
      }
      int row = EventWord.block(word) << CacheRows.SHIFT;
      long line = rows[row + CacheRows.KEY];
      int count = (int) (rows[row + CacheRows.PLACE] >>> Integer.SIZE);
      int place = (int) rows[row + CacheRows.PLACE];
      if (word == rows[row] && line != CacheRows.SEVERAL && count <= left) {
        left -= count;
        rows[row + CacheRows.EXECUTIONS]++;
        boolean changed = fetchOn(line, place, -1, count, words, at, end);
        at = data(words, at, end, place, count, line, changed);
      } else {
        counted = execute(words, at, end, word, counted);
        at = skipAccesses(words, at, end);
      }
    }
    return counted;
  }

  @Override
  public void settledExecutions(int block, long times) {
    int row = block << CacheRows.SHIFT;
    code.rows[row + CacheRows.EXECUTIONS] += times;
    instructions += times * (code.rows[row + CacheRows.PLACE] >>> Integer.SIZE);
  }

  @Override
  public void settledAccesses(int block, int instruction, boolean store, long times) {
    int place = (int) code.rows[(block << CacheRows.SHIFT) + CacheRows.PLACE];
    places.accesses[place + instruction] += times;
    loads += store ? 0 : times;
    stores += store ? times : 0;
  }

  /// {@return what the source need only count, as it changes nothing in any hierarchy; null if each
  /// execution and access is wanted}
  public @Nullable SettledRule settledRule() {
    boolean each = followsEach() || request.intervalInstructions() > 0;
    return each ? null : firsts.settledRule(request);
  }

  private boolean followsEach() {
    return translates || rangeCounts.isWanted() || translation != null;
  }

  private void turnTo(int other) {
    thread = other;
    fetched.clear();
    accessed.clear();
    pages.forget();
    for (SimulatedHierarchy hierarchy : hierarchies) {
      hierarchy.setThread(other);
    }
    for (SimulatedHierarchy hierarchy : hierarchies) {
      hierarchy.levels().forEach(level -> level.places().grow(places.size()));
    }
  }

  private static int skipAccesses(long[] words, int from, int end) {
    int at = from;
    while (at < end && words[at] >>> EventWord.KIND_SHIFT == EventWord.ACCESS) {
      at++;
    }
    return at;
  }

  /// Adds up the accesses of some words.
  private void count(long[] words, int from, int end) {
    long all = 0;
    long written = 0;
    for (int i = from; i < end; i++) {
      long kind = words[i] >>> EventWord.STORE_SHIFT; // 0 for a load, 1 for a store
      all += (kind - 2) >>> (Long.SIZE - 1);
      written += ((kind ^ 1) - 1) >>> (Long.SIZE - 1);
    }
    loads += all - written;
    stores += written;
  }

  /// Follows an execution of a block of several lines, or of a part of one, or over the end of a
  /// slice.
  ///
  /// @return up to where in the batch accesses have been counted
  private int execute(long[] words, int firstAccess, int end, long word, int countedBefore) {
    int counted = countedBefore;
    int block = EventWord.block(word);
    int place = (int) code.rows[(block << CacheRows.SHIFT) + CacheRows.PLACE];
    int first = EventWord.first(word);
    int until = EventWord.end(word);
    if (translation != null && !code.isPlaced(block)) {
      code.place(block, places.pcs[place], translation.physicalAddress(places.pcs[place]));
    }
    if (word == code.rows[block << CacheRows.SHIFT]) {
      code.rows[(block << CacheRows.SHIFT) + CacheRows.EXECUTIONS]++;
    } else {
      places.executed(place + first, until - first);
    }
    int at = firstAccess;
    while (first < until) {
      if (left == 0) {
        count(words, counted, at);
        counted = at;
        timeline.end(request.intervalInstructions(), loads, stores);
        left = request.intervalInstructions();
      }
      int upTo = first + (int) Math.min(until - first, left);
      left -= upTo - first;
      at = lines(words, at, end, block, place, first, upTo);
      first = upTo;
    }
    return counted;
  }

  private int lines(long[] words, int from, int end, int block, int place, int first, int upTo) {
    int[] begins = code.begins[block];
    int at = from;
    for (int i = 0; i + 1 < begins.length; i++) {
      int begin = Math.max(first, begins[i]);
      int until = Math.min(upTo, begins[i + 1]);
      if (begin < until) {
        long key = fetched.key(places.pcs[place + begin] + code.distances[block]) | fetchFlag;
        boolean changed = fetchOn(key, place, begin - 1, until, words, at, end);
        at = data(words, at, end, place, until, key, changed);
      }
    }
    return at;
  }

  /// {@return whether another fetch of the line would change anything}
  private boolean fetch(long key, int place) {
    fetched.settle(key);
    dataPlace.nowhere();
    boolean settles = true;
    long address = key >>> SettledLines.FLAG_BITS << fetched.lineShift();
    for (SimulatedHierarchy hierarchy : hierarchies) {
      settles &= hierarchy.fetch(address, places.pcs[place], place);
    }
    if (!settles) {
      fetched.forgetKey(key);
    }
    return !settles;
  }

  /// Fetches the instructions behind one, as far as that may change anything.
  ///
  /// @param instruction whose accesses, if it has any, come first
  /// @return whether the instruction of the next access is to be followed by another fetch
  private boolean fetchOn(
      long key, int place, int instruction, int until, long[] words, int at, int end) {
    int last = instruction;
    boolean changes = true;
    while (changes && !isOf(last, words, at, end) && last + 1 < until) {
      last++;
      if (translates) {
        pages.fetch(places.pcs[place + last], place + last);
      }
      changes = !fetched.holds(key) && fetch(key, place + last);
    }
    return changes && last + 1 < until;
  }

  /// Follows the accesses of a block's instructions up to one.
  ///
  /// What an access changed may have to do with the line that the next instruction is in, as where
  /// both share a cache, or one below is inclusive; then that instruction is fetched anew.
  ///
  /// @param until the index of the instruction
  /// @param code the key of the line that the instructions are in
  /// @param stale whether the instruction of the first access is to be followed by a fetch
  /// @return the index of the first word behind
  private int data(
      long[] words, int from, int end, int place, int until, long code, boolean stale) {
    long[] keys = accessed.keys();
    int lineShift = accessed.lineShift();
    int groupShift = accessed.groupShift();
    int mask = accessed.mask();
    long[] accesses = places.accesses;
    boolean changed = stale;
    int at = from;
    while (at < end) {
      long word = words[at];
      int instruction = EventWord.instruction(word);
      if (word >>> EventWord.KIND_SHIFT != EventWord.ACCESS || instruction >= until) {
        break;
      }
      at++;
      long address = word << ADDRESS_LEFT >> ADDRESS_LEFT;
      long last = address + EventWord.bytes(word) - 1;
      accesses[place + instruction]++;
      if (translates) {
        int here = place + instruction;
        changed |= pages.data(address, last, EventWord.isStore(word), places.pcs[here], here);
      }
      long where = translation == null ? address : translation.physicalAddress(address);
      long key = where >>> lineShift << SettledLines.FLAG_BITS;
      long store = word >>> EventWord.STORE_SHIFT;
      long flags = keys[(int) (key >>> groupShift) & mask] ^ key;
      boolean settled = ((flags & ~SettledLines.CHANGED) | (~flags & store)) == 0;
      if (!settled || (address ^ last) >>> lineShift != 0) {
        dataPlace.at(address);
        if (translation != null && (address ^ last) >>> translation.pageShift() != 0) {
          accessTwoPages(translation, address, last, store != 0, place + instruction);
        } else {
          access(key, where, where + (last - address), store != 0, place + instruction);
        }
        changed = true;
      }
      if (rangeCounts.isWanted()) {
        rangeCounts.add(ranges.find(address));
      }
      if (changed && !isOf(instruction, words, at, end)) {
        changed = fetchOn(code, place, instruction, until, words, at, end);
      }
    }
    return at;
  }

  /// {@return whether the next word is another access of an instruction}
  private static boolean isOf(int instruction, long[] words, int at, int end) {
    return at < end
        && words[at] >>> EventWord.KIND_SHIFT == EventWord.ACCESS
        && EventWord.instruction(words[at]) == instruction;
  }

  private void access(long key, long address, long last, boolean store, int place) {
    loadsLookedUp += store ? 0 : 1;
    storesLookedUp += store ? 1 : 0;
    boolean crosses = (address ^ last) >>> accessed.lineShift() != 0;
    if (crosses) {
      accessed.forget(address, last);
    } else if (!store) {
      accessed.settle(key | firsts.loadFlag());
    } else if (firsts.storesAllocate()) {
      accessed.settle(key | firsts.storeFlag());
    } else {
      accessed.forgetKey(key);
    }
    boolean settles = true;
    for (SimulatedHierarchy hierarchy : hierarchies) {
      settles &= hierarchy.data(address, last, store, places.pcs[place], place);
    }
    if (!settles) {
      accessed.forgetKey(key);
    }
  }

  /// Makes an access to the end of a page and the beginning of the next one, which is elsewhere.
  private void accessTwoPages(
      AddressTranslation translation, long address, long last, boolean store, int place) {
    long second = last & -1L << translation.pageShift();
    long where = translation.physicalAddress(address);
    access(accessed.key(where), where, where + (second - 1 - address), store, place);
    accessed.forget(where);
    long next = translation.physicalAddress(second);
    for (SimulatedHierarchy hierarchy : hierarchies) {
      if (hierarchy.looksUpAll()) {
        hierarchy.data(next, next + (last - second), store, places.pcs[place], place);
      }
    }
    accessed.forget(next);
  }

  @Override
  public CacheProfile result() {
    if (request.intervalInstructions() > 0 && left < request.intervalInstructions()) {
      timeline.end(request.intervalInstructions() - left, loads, stores);
      left = request.intervalInstructions();
    }
    RunTotals totals =
        new RunTotals(
            request.kinds(),
            instructions,
            loads - loadsLookedUp,
            stores - storesLookedUp,
            pages.settledLoads(),
            pages.settledStores());
    List<HierarchyResult> results = new ArrayList<>();
    for (SimulatedHierarchy hierarchy : hierarchies) {
      results.add(totals.of(hierarchy));
    }
    List<SimulatedHierarchy> all = List.of(hierarchies);
    return new CacheProfile(
        request,
        instructions,
        loads,
        stores,
        results,
        rangeCounts.isWanted() ? rangeCounts.result(ranges, all) : places.result(code, all),
        timeline.result());
  }
}
