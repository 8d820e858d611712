// Kotlin, Swift and TypeScript have the same names: what is exported to the former two, read from its
// source, is held against what the declarations tell callers, both ways.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import ts from "typescript";

import { packageFolder, packageUrl, root } from "./shared.mjs";

const core = await import(new URL("index.node.js", packageUrl));

/** Functions that are a member of a class here, where such values are classes. */
const MEMBERS = {
  parseSnils: "Snils.parse",
  parsePhone: "MobilePhone.parse",
  parseEmail: "Email.parse",
  parseLogin: "Login.parse",
  parseBirthDate: "BirthDate.parse",
  birthDateOfSomebodyOn: "BirthDate.prototype.ofSomebodyOn",
  ageReachedOn: "AgeSpan.reachedOn",
  fullName: "FullName.parse",
  policyPresets: "SignInPolicy.presets",
  policyPreset: "SignInPolicy.preset",
  parsePolicy: "SignInPolicy.fromJson",
  policyName: "SignInPolicy.prototype.name",
  rulesOn: "SignInPolicy.prototype.rulesOn",
  policyInWords: "SignInPolicy.prototype.inWords",
  passwordEnds: "SignInPolicy.prototype.passwordEnds",
  passwordNotice: "SignInPolicy.prototype.passwordNotice",
  cardRefusal: "SignInPolicy.prototype.cardRefusal",
};

/** Functions of Kotlin and Swift alone, and why. */
const NOT_HERE = {
  changeInWords: "changesInWords tells them as they are found: reading one is a tenth of the download",
  decodeEvents: "as changeInWords; a page shows what the school's portal tells of them",
  birthDate: "a day is a text here, and BirthDate.parse reads it",
  dateRange: "days from one to another are the object { from, to }, looked at where it is passed",
  decodeSlice: "parsed JSON is the value; compose looks at it",
  decodeTermSlice: "parsed JSON is the value; summarise looks at it",
  encodeDiary: "JSON.stringify writes it",
  errorCodes: "the constant ERROR_CODES",
  gradingWithFavour: "a Grading is an object, whose field inFavour is set",
  gradingWithSign: "a Grading is an object, whose field sign is set",
  gradingWithThreshold: "a Grading is an object, whose field thresholds is set",
  mean: "a Mean is an object, and whatIf makes one",
  meanShown: "the field shown of a Mean",
  parseCaseCode: "the school's side finds cases by what was typed; a page passes it on",
  plainGrading: "the object {}",
  refuseText: "for the other side of those borders alone",
  signInPolicy: "SignInPolicy.fromJson takes the same parts as one object",
  weight: "a Weight is the text that parseWeight makes",
  weightShown: "a Weight is the text that is shown",
};

/** Functions of TypeScript alone, and why. */
const HERE_ALONE = {
  changesInWords: "what changes finds, told without being read again",
};

/** Types of functions that are not here. */
const TYPES_NOT_HERE = ["DiaryEvent"];

const folder = new URL("bindings/uniffi/src/", root);
const sources = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
const camel = (name) => name.replace(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());

/** What is exported to Kotlin and Swift: functions, and the types that they name. */
const theirs = { functions: [], types: new Set() };
for (const source of sources) {
  const signature = /#\[uniffi::export[^\]]*\](?:\s*#\[[^\]]*\])*\s*pub (?:async )?fn (\w+)\(([^{]*?)\{/g;
  for (const [, name, rest] of source.matchAll(signature)) {
    theirs.functions.push(camel(name));
    for (const [type] of rest.matchAll(/\b[A-Z]\w+/g)) theirs.types.add(type);
  }
  for (const [, type] of source.matchAll(/derive\([^)]*uniffi::\w+\)\]\s*pub (?:struct|enum) (\w+)/g)) {
    theirs.types.add(type);
  }
}
for (const rust of ["Answer", "Option", "String", "Vec"]) theirs.types.delete(rust);
// Rust's types of days are these texts.
if (theirs.types.delete("NaiveDate")) theirs.types.add("LocalDate");

/** What the declarations tell callers: names, and whether each is a function. */
const ours = (() => {
  const file = join(packageFolder, "index.d.ts");
  const program = ts.createProgram([file], { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022 });
  const checker = program.getTypeChecker();
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file)));
  const real = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  return new Map(symbols.map((symbol) => [symbol.name, (real(symbol).flags & ts.SymbolFlags.Function) !== 0]));
})();

test("the source of Kotlin's and Swift's side is read", () => {
  const exported = sources.join("").match(/^#\[uniffi::export/gm).length;
  assert.equal(theirs.functions.length, exported);
  assert.ok(exported > 50, `${exported} functions`);
  assert.ok(theirs.types.has("Verdict") && theirs.types.has("DiarySlice"), [...theirs.types].join());
});

test("every function of Kotlin and Swift is here, or there is a reason", () => {
  for (const name of theirs.functions) {
    const excepted = name in MEMBERS || name in NOT_HERE;
    assert.equal(ours.get(name) === true, !excepted, `${name}: say in this file why it is not here`);
  }
  for (const name of Object.keys({ ...MEMBERS, ...NOT_HERE })) {
    assert.ok(theirs.functions.includes(name), `${name} is gone; so should be its reason`);
  }
});

test("what is a member of a class is there", () => {
  for (const [name, member] of Object.entries(MEMBERS)) {
    const path = member.split(".");
    const last = path.pop();
    const owner = path.reduce((value, part) => value?.[part], core);
    assert.ok(owner !== undefined && last in owner, `${name}: no ${member}`);
  }
});

test("every type of Kotlin's and Swift's functions has its name here", () => {
  for (const type of theirs.types) {
    assert.equal(ours.has(type), !TYPES_NOT_HERE.includes(type), `${type} has no such name here`);
  }
  for (const type of TYPES_NOT_HERE) assert.ok(theirs.types.has(type), `${type} is gone`);
});

test("every function that is here is there too", () => {
  for (const [name, isFunction] of ours) {
    if (!isFunction) continue;
    assert.equal(theirs.functions.includes(name), !(name in HERE_ALONE), `${name} is here alone`);
  }
  for (const name of Object.keys(HERE_ALONE)) assert.ok(ours.get(name), `${name} is gone`);
  assert.deepEqual(Object.keys(core).filter((name) => !ours.has(name)), [], "exported, and not declared");
});
