package dev.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class BatchCursorTest {
  private static BatchCursor over(long... words) {
    Batch batch = new Batch(words.length);
    System.arraycopy(words, 0, batch.words(), 0, words.length);
    batch.reset(0, 0, words.length);
    BatchCursor cursor = new BatchCursor();
    cursor.wrap(batch);
    return cursor;
  }

  @Test
  void hasNothingInAnEmptyBatch() {
    assertThat(over().next()).isFalse();
  }

  @Test
  void stopsAtEachExecutionWithItsAccesses() {
    BatchCursor cursor =
        over(
            EventWord.execution(7, 0, 3),
            EventWord.access(100, 1, 4, false),
            EventWord.access(200, 2, 8, true),
            EventWord.execution(8, 1, 2),
            EventWord.execution(9, 0, 512),
            EventWord.access(300, 511, 1, false));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.block()).isEqualTo(7);
    assertThat(cursor.end()).isEqualTo(3);
    assertThat(cursor.endAccess() - cursor.firstAccess()).isEqualTo(2);
    assertThat(EventWord.address(cursor.word(cursor.firstAccess() + 1))).isEqualTo(200);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.first()).isEqualTo(1);
    assertThat(cursor.endAccess()).isEqualTo(cursor.firstAccess());
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.end()).isEqualTo(512);
    assertThat(cursor.endAccess() - cursor.firstAccess()).isEqualTo(1);
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void saysWhichExecutionASignalLedTo() {
    BatchCursor cursor =
        over(
            EventWord.interrupt(0x100, 11),
            EventWord.execution(1, 0, 1),
            EventWord.execution(2, 0, 1),
            EventWord.interrupt(0x200, 11),
            EventWord.interrupt(0x300, 11),
            EventWord.execution(3, 0, 1));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.interrupted()).isTrue();
    assertThat(cursor.resumePc()).isEqualTo(0x100);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.interrupted()).isFalse();
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.interrupted()).isTrue();
    assertThat(cursor.resumePc()).isEqualTo(0x300);
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void standsBetweenTheNotesInFrontOfAnExecution() {
    BatchCursor cursor =
        over(
            EventWord.execution(1, 0, 1),
            EventWord.note(EventWord.NOTE_CALL, 0, 7),
            EventWord.note(EventWord.NOTE_STACK, 0, 0x1000),
            EventWord.execution(2, 0, 1),
            EventWord.access(300, 0, 1, false),
            EventWord.note(EventWord.NOTE_RETURN, 0, 7));
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.endNote()).isEqualTo(cursor.firstNote());
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.interrupted()).isFalse();
    assertThat(cursor.endNote() - cursor.firstNote()).isEqualTo(2);
    assertThat(EventWord.note(cursor.word(cursor.firstNote()))).isEqualTo(EventWord.NOTE_CALL);
    assertThat(cursor.endAccess() - cursor.firstAccess()).isEqualTo(1);
    assertThat(cursor.next()).isFalse();
    assertThat(cursor.endNote() - cursor.firstNote()).isEqualTo(1);
    assertThat(EventWord.note(cursor.word(cursor.firstNote()))).isEqualTo(EventWord.NOTE_RETURN);
  }

  @Test
  void endsAtAnInterruptWithoutAnExecution() {
    assertThat(over(EventWord.interrupt(1, 11)).next()).isFalse();
  }

  @Test
  void startsOverWithTheNextBatch() {
    BatchCursor cursor = over(EventWord.execution(1, 0, 1));
    assertThat(cursor.next()).isTrue();
    Batch other = new Batch(4);
    other.words()[0] = EventWord.execution(5, 0, 1);
    other.reset(0, 1, 1);
    cursor.wrap(other);
    assertThat(cursor.next()).isTrue();
    assertThat(cursor.block()).isEqualTo(5);
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void refusesALengthBeyondTheBatch() {
    assertThatThrownBy(() -> new Batch(3).reset(0, 0, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("4");
  }
}
