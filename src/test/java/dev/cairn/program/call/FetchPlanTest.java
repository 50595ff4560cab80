package dev.cairn.program.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cairn.program.call.FetchPlan.Item;
import dev.cairn.program.call.FetchPlan.Kind;
import dev.cairn.program.call.FetchPlan.When;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class FetchPlanTest {
  private static List<Item> items(String name) {
    SystemCallSignature call =
        Objects.requireNonNull(SystemCallTable.aarch64Linux().call(name), name);
    return FetchPlan.of(call).items();
  }

  @Test
  void readsAPathBeforeTheCall() {
    assertThat(items("openat")).containsExactly(new Item(1, When.ENTRY, Kind.STRING, -1, 1, 4096));
  }

  @Test
  void readsWhatIsWrittenBeforeAndWhatIsReadAfterwards() {
    assertThat(items("write"))
        .containsExactly(new Item(1, When.ENTRY, Kind.BYTES_BY_ARGUMENT, 2, 1, 40));
    assertThat(items("read"))
        .containsExactly(new Item(1, When.RETURN, Kind.BYTES_BY_RESULT, -1, 1, 40));
  }

  @Test
  void readsTheContentOfParts() {
    assertThat(items("writev")).containsExactly(new Item(1, When.ENTRY, Kind.IOVEC, 2, 1, 40));
    assertThat(items("readv")).containsExactly(new Item(1, When.RETURN, Kind.IOVEC, 2, 1, 40));
  }

  @Test
  void readsStructsWhole() {
    assertThat(items("prlimit64"))
        .containsExactly(
            new Item(2, When.ENTRY, Kind.BYTES_FIXED, -1, 1, 16),
            new Item(3, When.RETURN, Kind.BYTES_FIXED, -1, 1, 16));
    assertThat(items("clock_nanosleep"))
        .containsExactly(
            new Item(2, When.ENTRY, Kind.BYTES_FIXED, -1, 1, 16),
            new Item(3, When.ENTRY, Kind.BYTES_FIXED, -1, 1, 16),
            new Item(3, When.RETURN, Kind.BYTES_FIXED, -1, 1, 16));
  }

  @Test
  void readsArraysByTheirNumberOfElements() {
    assertThat(items("ppoll").subList(0, 2))
        .containsExactly(
            new Item(0, When.ENTRY, Kind.BYTES_BY_ARGUMENT, 1, 8, 128),
            new Item(0, When.RETURN, Kind.BYTES_BY_ARGUMENT, 1, 8, 128));
    assertThat(items("epoll_pwait").getFirst())
        .isEqualTo(new Item(1, When.RETURN, Kind.BYTES_BY_RESULT, -1, 16, 256));
  }

  @Test
  void readsTheArgumentsOfAProgram() {
    assertThat(items("execve"))
        .containsExactly(
            new Item(0, When.ENTRY, Kind.STRING, -1, 1, 4096),
            new Item(1, When.ENTRY, Kind.STRING_ARRAY, -1, 1, 32768));
  }

  @Test
  void readsNothingForNumbersAndAddresses() {
    assertThat(items("mmap")).isEmpty();
    assertThat(items("getpid")).isEmpty();
  }

  @Test
  void wantsAnArgumentAtMostOnceAtEachEndOfEveryCall() {
    for (SystemCallSignature call : SystemCallTable.aarch64Linux().calls()) {
      Set<String> seen = new HashSet<>();
      for (Item each : FetchPlan.of(call).items()) {
        assertThat(seen.add(each.argument() + " " + each.when())).as(call.name()).isTrue();
        assertThat(each.lengthArgument()).as(call.name()).isLessThan(call.arguments().size());
      }
    }
  }

  @Test
  void refusesAnItemThatLacksItsLength() {
    assertThatThrownBy(() -> new Item(1, When.ENTRY, Kind.BYTES_BY_ARGUMENT, -1, 1, 40))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Item(1, When.ENTRY, Kind.STRING, 2, 1, 40))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Item(6, When.ENTRY, Kind.STRING, -1, 1, 40))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
