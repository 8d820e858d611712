// The package in Node.

import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import assert from "node:assert/strict";
import test from "node:test";

import { cases } from "./cases.mjs";
import { packageUrl, root, values } from "./shared.mjs";
import { groups } from "./vectors.mjs";

const core = await import(new URL("index.node.js", packageUrl));
const checks = await import(new URL("checks.node.js", packageUrl));

for (const [entry, module] of Object.entries({ whole: core, checks })) {
  for (const [name, run] of Object.entries(cases(module, values))) test(`${entry}: ${name}`, run);
}

test("Node prints no personal data", () => {
  assert.equal(inspect(core.Snils.parse("11223344595")), "Snils(***-***-*** 95)");
  assert.equal(inspect({ name: core.FullName.parse("Ли", "Анна") }), "{ name: FullName(***) }");
});

test("a malformed call leaves nothing behind that grows", async () => {
  const { memory } = (await import(new URL("wasm/whole.js", packageUrl))).initSync();
  const malformed = (times) => {
    for (let i = 0; i < times; i++) {
      assert.throws(() => core.compose({ pupil: "x".repeat(10_000) }, { from: "2024-09-01", to: "2024-09-01" }));
    }
    return memory.buffer.byteLength;
  };
  const few = malformed(200);
  assert.ok(few > 0);
  assert.equal(malformed(2000), few);
  assert.equal(core.Snils.parse("11223344595").formatted, "112-233-445 95");
});

const vectors = JSON.parse(readFileSync(new URL("bindings/vectors.json", root), "utf8"));
test("vectors: every group is asked", () => {
  assert.deepEqual(Object.keys(vectors).filter((name) => name !== "about").sort(), Object.keys(groups).sort());
});
for (const [name, run] of Object.entries(groups)) {
  test(`vectors: ${name}`, () => run(core, vectors[name], assert, vectors));
}
