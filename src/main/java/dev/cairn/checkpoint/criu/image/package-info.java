/// The files that CRIU's images are made of: how each kind begins, and the messages in them.
@NullMarked
package dev.cairn.checkpoint.criu.image;

import org.jspecify.annotations.NullMarked;
