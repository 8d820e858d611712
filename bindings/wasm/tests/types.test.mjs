// The declarations: a strict caller, and the wire's own values, are held against them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { fileURLToPath } from "node:url";

import { packageFolder, values } from "./shared.mjs";

const home = fileURLToPath(new URL("..", import.meta.url));

/** Which type each of the wire's files is of, where TypeScript has a name for it. */
const TYPES = {
  absences: "Absences", account: "Account", at: "At", attendance: "Attendance", bell: "Bell",
  calendar: "CalendarSpan[]", consent: "Consent", diary: "Diary", diary_slice: "DiarySlice",
  esia_person: "EsiaPerson", final_mark: "FinalMark", given: "Given", grading: "Grading",
  grant: "Grant", guardianship: "Guardianship", kept_apart: "KeptApart", lesson: "Lesson",
  mark: "Mark", policy: "SignInPolicyJson", refusal: "Refusal",
  registration_card: "RegistrationCard", remark: "Remark", rule_in_words: "RuleInWords",
  stay: "Stay", subgroup_membership: "SubgroupMembership", term: "Term", term_slice: "TermSlice",
  term_summary: "TermSummary", timetable_lesson: "TimetableLesson", work: "Work",
  work_to_come: "WorkToCome",
};

/** Runs TypeScript, as strict as it can be, in a project that has the package installed. */
function checked(sources, lib = ["es2022"]) {
  const folder = mkdtempSync(join(tmpdir(), "eschool-types-"));
  try {
    mkdirSync(join(folder, "node_modules/@eschool"), { recursive: true });
    symlinkSync(packageFolder, join(folder, "node_modules/@eschool/core"));
    const compilerOptions = {
      strict: true, exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true, noEmit: true,
      // Nothing of browsers or of Node: who has neither compiles as well.
      module: "nodenext", target: "es2022", lib, types: [], skipLibCheck: false,
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    for (const [name, source] of Object.entries(sources)) {
      if (source instanceof URL) copyFileSync(source, join(folder, name));
      else writeFileSync(join(folder, name), source);
    }
    execFileSync("node", [join(home, "node_modules/typescript/bin/tsc"), "--project", folder], {
      encoding: "utf8", stdio: "pipe",
    });
    return "";
  } catch (error) {
    return error.stdout ?? String(error);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a strict caller compiles", () => {
  assert.equal(checked({ "caller.ts": new URL("caller.ts", import.meta.url) }), "");
});

test("the examples of the README compile", () => {
  const readme = readFileSync(join(packageFolder, "README.md"), "utf8");
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, source], at) => [`example${at}.ts`, source]);
  assert.equal(examples.length, 3);
  assert.equal(checked(Object.fromEntries(examples), ["es2022", "dom"]), "");
});

test("the wire's own values are of the types that are told", () => {
  const names = Object.values(TYPES).map((type) => type.replace("[]", ""));
  // What only a newer version writes has a type of its own, which no literal is of.
  const known = structuredClone(values);
  known.calendar = known.calendar.filter(({ rule }) => rule !== "quarantine");
  for (const account of known.grant.accounts) {
    account.roles = account.roles.filter(({ role }) => role !== "observer");
  }
  const lines = Object.entries(TYPES).map(
    ([name, type]) => `export const ${name} = ${JSON.stringify(known[name], null, 2)} satisfies ${type};`,
  );
  const head = `import type { ${[...new Set(names)].join(", ")} } from "@eschool/core";\n`;
  const source = head + lines.join("\n");
  assert.equal(checked({ "values.ts": source }), "");
});

test("what is wrong does not compile", () => {
  const wrong = checked({
    "wrong.ts": `import { ApiError, compose, Snils, type GrantedRole } from "@eschool/core";
      compose({}, { from: "2024-09-01", to: "2024-09-07" });
      Snils.parse(11223344595);
      new Snils("112-233-445 95");
      export const role: GrantedRole = { role: "parent" };
      new ApiError("snils_checksum");
      export type { policyOf } from "@eschool/core";
      export type { NewerCode } from "@eschool/core";
      export type { initSync } from "@eschool/core/checks";
      import { type EsiaPerson, Login, type Passed } from "@eschool/core";
      export const passed: Passed<EsiaPerson>["snils"] = Login.parse("");`,
  });
  for (const line of [2, 3, 4, 5, 6, 7, 8, 9, 11]) assert.match(wrong, new RegExp(`wrong.ts\\(${line},`), wrong);
});
