/// YAML files whose fields are the components of records. Knows nothing of what they describe.
@NullMarked
package dev.cairn.memory.file;

import org.jspecify.annotations.NullMarked;
