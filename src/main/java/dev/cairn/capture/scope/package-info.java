/// The part of a run that is looked at: how it is named, and how it is cut out of what comes, be it
/// from a guest or from a trace.
@NullMarked
package dev.cairn.capture.scope;

import org.jspecify.annotations.NullMarked;
