package dev.cairn.profile.vector;

import dev.cairn.profile.BasicBlockVectors;
import dev.cairn.profile.Profile;
import dev.cairn.profile.ThreadProfile;
import dev.cairn.profile.block.BasicBlock;
import dev.cairn.program.CodeLocation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How many instructions each interval of a run spent in each function.
///
/// A block belongs to the function that its first instruction lies in; the unlikely part that a
/// compiler moved elsewhere (`f.cold`) to the function that it is a part of, where one function of
/// that name executed in its file.
///
/// @param functions by id
/// @param threads in the order of the profile's; ids are those of `functions`
public record FunctionVectors(List<FunctionTotal> functions, List<BasicBlockVectors> threads) {
  private static final String COLD_SUFFIX = ".cold";

  public FunctionVectors {
    functions = List.copyOf(functions);
    threads = List.copyOf(threads);
  }

  /// Where a function begins; neither name nor address for code without a symbol.
  private record Key(@Nullable String file, @Nullable String name, long address) {}

  /// {@return the vectors of a profile}
  public static FunctionVectors of(Profile profile) {
    List<Key> keys = new ArrayList<>();
    Map<Key, Key> wholes = new HashMap<>();
    for (CodeLocation location : profile.locations()) {
      Key key = key(location);
      keys.add(key);
      wholes.putIfAbsent(key, key);
    }
    wholes.replaceAll((key, _) -> whole(key, wholes));
    Map<Key, Integer> ids = new HashMap<>();
    List<Key> order = new ArrayList<>();
    int[] numbers = new int[keys.size() + 1];
    for (int i = 0; i < keys.size(); i++) {
      Key whole = Objects.requireNonNull(wholes.get(keys.get(i)));
      if (ids.putIfAbsent(whole, order.size() + 1) == null) {
        order.add(whole);
      }
      numbers[i + 1] = Objects.requireNonNull(ids.get(whole));
    }
    List<BasicBlockVectors> threads = new ArrayList<>();
    for (ThreadProfile thread : profile.threads()) {
      threads.add(VectorSums.byNumber(thread.vectors(), numbers));
    }
    return new FunctionVectors(totals(profile, order, numbers), threads);
  }

  private static Key key(@Nullable CodeLocation location) {
    if (location == null) {
      return new Key(null, null, 0);
    }
    return location.function() == null
        ? new Key(location.file(), null, 0)
        : new Key(
            location.file(), location.function(), location.address() - location.functionOffset());
  }

  /// {@return the function that a moved part is one of, or the function itself}
  private static Key whole(Key key, Map<Key, Key> all) {
    int cold = key.name() == null ? -1 : key.name().indexOf(COLD_SUFFIX);
    if (key.name() == null || cold <= 0) {
      return key;
    }
    String name = key.name().substring(0, cold);
    List<Key> found =
        all.keySet().stream()
            .filter(each -> name.equals(each.name()) && Objects.equals(each.file(), key.file()))
            .toList();
    return found.size() == 1 ? found.getFirst() : key;
  }

  private static List<FunctionTotal> totals(Profile profile, List<Key> order, int[] numbers) {
    long[] instructions = new long[order.size() + 1];
    for (BasicBlock block : profile.blocks()) {
      instructions[numbers[block.id()]] += block.executedInstructions();
    }
    List<FunctionTotal> totals = new ArrayList<>();
    for (int i = 0; i < order.size(); i++) {
      Key key = order.get(i);
      totals.add(
          new FunctionTotal(i + 1, key.name(), key.file(), key.address(), instructions[i + 1]));
    }
    return totals;
  }
}
