/// Questions in SQL about a trace or a Parquet file, answered by an embedded DuckDB. A trace is
/// read while the question is answered, and only what it asks for; nothing of it is kept.
@NullMarked
package dev.cairn.query;

import org.jspecify.annotations.NullMarked;
