// Times composing a year by the package, marshalling included: `node bench.mjs YEAR.json TURNS`.
// `cargo xtask bench --only npm` calls it.

import { readFileSync } from "node:fs";

import { packageUrl } from "./tests/shared.mjs";

const [, , file, turns] = process.argv;
const { compose } = await import(new URL("index.node.js", packageUrl));
const { slice, range } = JSON.parse(readFileSync(file, "utf8"));

const middle = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const once = () => {
  const started = process.hrtime.bigint();
  compose(slice, range);
  return Number(process.hrtime.bigint() - started);
};
for (let i = 0; i < 10; i++) once();
const all = Array.from({ length: Number(turns) }, once);
const median = middle(all);
console.log(JSON.stringify({ median, mad: middle(all.map((one) => Math.abs(one - median))) }));
