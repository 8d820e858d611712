// The package in Node.

import { existsSync, readFileSync } from "node:fs";
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

test("a malformed call leaves nothing behind that grows", () => {
  for (let i = 0; i < 2000; i++) {
    assert.throws(() => core.compose({ pupil: "x".repeat(10_000) }, { from: "2024-09-01", to: "2024-09-01" }));
  }
});

const file = new URL("bindings/vectors.json", root);
const vectors = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
for (const [name, run] of Object.entries(groups)) {
  const group = vectors?.[name];
  const skip = group === undefined ? `bindings/vectors.json has no group ${name} yet` : false;
  test(`vectors: ${name}`, { skip }, () => run(core, group, assert, vectors));
}
