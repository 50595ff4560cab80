package dev.cairn.timing.branch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TargetPredictionTest {
  @Test
  void returnStackGivesTheInnermostCallFirst() {
    ReturnStack stack = new ReturnStack(4);
    stack.push(1);
    stack.push(2);
    assertThat(stack.pop()).isEqualTo(2);
    assertThat(stack.pop()).isEqualTo(1);
    assertThat(stack.pop()).isEqualTo(BranchTargetBuffer.NONE);
  }

  @Test
  void returnStackLosesTheOutermostCallsWhenFull() {
    ReturnStack stack = new ReturnStack(2);
    stack.push(1);
    stack.push(2);
    stack.push(3);
    assertThat(stack.pop()).isEqualTo(3);
    assertThat(stack.pop()).isEqualTo(2);
    assertThat(stack.pop()).isEqualTo(BranchTargetBuffer.NONE);
  }

  @Test
  void targetBufferReplacesTheBranchTakenTheLongestAgo() {
    BranchTargetBuffer buffer = new BranchTargetBuffer(2, 2);
    buffer.taken(0x10, 1);
    buffer.taken(0x20, 2);
    buffer.taken(0x10, 3);
    buffer.taken(0x30, 4);
    assertThat(buffer.lookup(0x10)).isEqualTo(3);
    assertThat(buffer.lookup(0x20)).isEqualTo(BranchTargetBuffer.NONE);
    assertThat(buffer.lookup(0x30)).isEqualTo(4);
  }

  @Test
  void indirectPredictorTellsTargetsApartByTheTargetsBefore() {
    IndirectPredictor predictor = new IndirectPredictor(256, 2);
    long[] cycle = {0x1000, 0x2000, 0x1000, 0x3000};
    int wrong = 0;
    for (int i = 0; i < 400; i++) {
      long target = cycle[i % 4];
      wrong += i >= 40 && predictor.predict(0x100) != target ? 1 : 0;
      predictor.update(0x100, target);
    }
    assertThat(wrong).isZero();
  }

  @Test
  void indirectPredictorWithoutHistoryRepeatsTheLastTarget() {
    IndirectPredictor predictor = new IndirectPredictor(256, 0);
    assertThat(predictor.predict(0x100)).isEqualTo(BranchTargetBuffer.NONE);
    predictor.update(0x100, 0x1000);
    assertThat(predictor.predict(0x100)).isEqualTo(0x1000);
    predictor.update(0x100, 0x2000);
    assertThat(predictor.predict(0x100)).isEqualTo(0x2000);
  }
}
