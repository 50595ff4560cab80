// Reads a trace of trace events by TracerBench's model of them and writes what it sees:
// a line for each stack of spans, outermost first, with how many there were and how long
// they took together, but for the spans inside.
// Usage: node trace-events.cjs FOLDER-OF-MODULES TRACE
'use strict';
const fs = require('fs');
const path = require('path');

const [modules, trace] = process.argv.slice(2);
const { buildModel } = require(path.join(modules, '@tracerbench/trace-model'));
const model = buildModel(JSON.parse(fs.readFileSync(trace, 'utf8')));
const stacks = new Map();

function stackOf(span) {
  const names = [];
  for (let at = span; at; at = at.parent) names.unshift(at.name);
  return names.join(';');
}

function add(stack, spans, duration) {
  const sum = stacks.get(stack) || { spans: 0, duration: 0 };
  sum.spans += spans;
  sum.duration += duration;
  stacks.set(stack, sum);
}

for (const process of model.processes) {
  for (const thread of process.threads) {
    for (const event of thread.events) {
      if (event.isMetadata()) continue;
      if (!event.isComplete()) throw new Error(`not a span: ${event.ph}`);
      add(stackOf(event), 1, event.duration);
      if (event.parent) add(stackOf(event.parent), 0, -event.duration);
    }
  }
}
for (const [stack, { spans, duration }] of [...stacks].sort()) {
  console.log(`${spans} ${duration} ${stack}`);
}
