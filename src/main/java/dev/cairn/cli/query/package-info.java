/// How the rows that answer a question in SQL are written.
@NullMarked
package dev.cairn.cli.query;

import org.jspecify.annotations.NullMarked;
