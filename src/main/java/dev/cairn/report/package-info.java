/// Results as text and JSON. Computes nothing; knows the result types of the other packages only.
@NullMarked
package dev.cairn.report;

import org.jspecify.annotations.NullMarked;
