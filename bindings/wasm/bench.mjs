// What one call costs that composes a year: `cargo xtask bench --only typescript` runs it as
// `node bench.mjs SLICE.json FIRST-DAY LAST-DAY`. It prints nanoseconds a call, a line for each round.

import { readFileSync } from "node:fs";

import { packageUrl } from "./tests/shared.mjs";

const WARM_UP = 50;
const ROUNDS = 15;
const CALLS = 10;

const [, , file, from, to] = process.argv;
const { compose } = await import(new URL("index.node.js", packageUrl));
const slice = JSON.parse(readFileSync(file, "utf8"));

// A result that nobody reads could be left out.
let days = 0;
const calls = (times) => {
  for (let i = 0; i < times; i++) days += compose(slice, { from, to }).days.length;
};
calls(WARM_UP);
for (let round = 0; round < ROUNDS; round++) {
  const begun = process.hrtime.bigint();
  calls(CALLS);
  console.log(String((process.hrtime.bigint() - begun) / BigInt(CALLS)));
}
if (days === 0) throw new Error("the year has no days");
