// The groups of `bindings/vectors.json`, which Rust, Kotlin and Swift run too.

const plain = (value) => JSON.parse(JSON.stringify(value));

/** What a call gives, or the code of its error. */
const outcome = (core, call) => {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof core.ApiError)) throw error;
    return error.code;
  }
};

const school = "019379ab-0000-7000-8000-000000000010";
const account = "019379ab-0000-7000-8000-000000000011";
const person = "019379ab-0000-7000-8000-000000000012";
const child = "019379ab-0000-7000-8000-000000000013";
const snils = "112-233-445 95";
const name = { family: "Ёлкина", given: "Анна", patronymic: "none" };

/** Whoever a vector of a decision speaks of: one account of that role, or nobody. */
function candidates({ role, born }) {
  const birthDate = born === undefined ? {} : { birthDate: born };
  const known = { id: account, school, person, name, snils, ...birthDate };
  if (role === "pupil") return [{ account: known, pupil: {} }];
  const guardianship = { parent: account, child, kinship: "mother" };
  if (role === "parent") return [{ account: known, parent: { children: [{ guardianship }] } }];
  return [];
}

function attempted({ attempt, assurance, born }) {
  if (attempt === "password") return { password: { login: "pr7_test" } };
  const birthDate = born === undefined ? {} : { birthDate: born };
  return { esia: { oid: "1000299353", assurance, name, snils, ...birthDate } };
}

/** How the vectors of a group are run. */
export const groups = {
  snils(core, group, assert) {
    for (const { text, formatted, code } of group) {
      assert.equal(outcome(core, () => core.Snils.parse(text).formatted), formatted ?? code, text);
    }
  },
  phones(core, group, assert) {
    for (const { text, e164, code } of group) {
      assert.equal(outcome(core, () => core.MobilePhone.parse(text).toJSON()), e164 ?? code, text);
    }
  },
  ages(core, group, assert) {
    for (const { born, years, months, reached } of group) {
      assert.equal(core.AgeSpan.reachedOn({ years, months }, born), reached, born);
    }
  },
  decisions(core, group, assert) {
    for (const vector of group) {
      const { policy, instant, date, password, answer, passwordEnds, validUntil } = vector;
      const facts = { candidates: candidates(vector), ...(password === undefined ? {} : { password }) };
      const rules = core.SignInPolicy.preset(policy);
      const at = { instant, date };
      // As in a school, what is refused at the door is not looked up.
      const admission = core.admit(rules, attempted(vector), at);
      const decision =
        admission.outcome === "refused" ? admission : core.decide(rules, facts, attempted(vector), at);
      const said = JSON.stringify(vector);
      assert.equal(decision.outcome === "granted" ? "granted" : decision.refusal.code, answer, said);
      if (decision.outcome === "granted") {
        assert.equal(decision.grant.passwordEnds, passwordEnds, said);
        if (validUntil !== undefined) assert.equal(decision.grant.validUntil, validUntil, said);
      }
    }
  },
  diary(core, { slice, range, diary }, assert) {
    assert.deepEqual(plain(core.compose(slice, range)), diary);
  },
  term(core, { slice, term, summary }, assert) {
    assert.deepEqual(plain(core.summarise(slice, term)), summary);
  },
  whatIf(core, group, assert, { term }) {
    const { subjects } = core.summarise(term.slice, term.term);
    for (const { subject, given, mean } of group) {
      const found = subjects.find((one) => one.subject === subject);
      assert.ok(found, subject);
      assert.equal(core.whatIf(found, given)?.shown ?? null, mean, JSON.stringify(given));
    }
  },
};
