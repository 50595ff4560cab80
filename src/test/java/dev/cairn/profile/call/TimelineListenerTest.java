package dev.cairn.profile.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cairn.TestGuests;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

final class TimelineListenerTest {
  @Test
  void needsRoomForASpan() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TimelineListener(0))
        .withMessageContaining("0");
  }

  /// The same run with room for all and for few: what is left are the longest, and the rest is
  /// counted.
  @Test
  @Tag("qemu")
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void keepsTheLongestAndCountsTheRest() throws Exception {
    TimelineListener all = new TimelineListener(100_000);
    TimelineListener few = new TimelineListener(200);
    Path program = CalledGuest.build("calling", "-O2", "-static");
    CalledGuest guest = CalledGuest.of(TestGuests.command(program), all, few);
    long calls = guest.profile().functions().stream().mapToLong(FunctionProfile::calls).sum();
    Timeline whole = all.timeline(guest.names());
    Timeline kept = few.timeline(guest.names());
    assertThat(whole.tooShort() + whole.tooDeep() + whole.shortest()).isZero();
    assertThat(whole.spans()).hasSize((int) calls);
    assertThat(kept.spans().size() + kept.tooShort()).isEqualTo(calls);
    List<Timeline.Span> longOnes =
        whole.spans().stream()
            .filter(span -> span.until() - span.from() >= kept.shortest())
            .toList();
    assertThat(kept.spans()).isEqualTo(longOnes).hasSizeBetween(50, 200);
  }
}
