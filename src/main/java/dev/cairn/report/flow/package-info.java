/// Control flow as text, JSON, CSV and in the forms that other tools read: of each result a report.
/// No computing beyond shares and sorting.
@NullMarked
package dev.cairn.report.flow;

import org.jspecify.annotations.NullMarked;
