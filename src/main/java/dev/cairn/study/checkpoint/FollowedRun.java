package dev.cairn.study.checkpoint;

import dev.cairn.capture.stop.SignalReturn;
import dev.cairn.capture.stop.StopListener;
import dev.cairn.checkpoint.process.ProcessFollower;
import dev.cairn.event.SystemCall;
import dev.cairn.event.SystemReturn;

/// A listener to stops that has all between them followed, so that at each it can be told what the
/// process is.
public interface FollowedRun extends StopListener {
  /// {@return what follows the process}
  ProcessFollower follower();

  @Override
  default void systemCall(SystemCall call) {
    follower().systemCall(call);
  }

  @Override
  default void systemReturn(SystemReturn result) {
    follower().systemReturn(result);
  }

  @Override
  default void signalled(int signal) {
    follower().signalled(signal);
  }

  @Override
  default void signalReturns(SignalReturn result) {
    follower()
        .signalReturns(
            result.mask(), result.stackAddress(), result.stackFlags(), result.stackBytes());
  }
}
