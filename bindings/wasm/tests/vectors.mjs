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

/** An answer as the file has it: a refusal beside its words. */
const told = (core, answer) =>
  answer.outcome === "refused" ? { ...answer, words: core.refusalInWords(answer.refusal) } : answer;

/** How many entries of each group were asked. */
const asked = {};

/** Asks every entry of a group. */
const each = (name, group, ask) => {
  asked[name] = 0;
  for (const entry of group) {
    ask(entry);
    asked[name] += 1;
  }
};

/** How the vectors of a group are run; the last counts what the others asked. */
export const groups = {
  snils(core, group, assert) {
    each("snils", group, ({ text, formatted, code }) => {
      assert.equal(outcome(core, () => core.Snils.parse(text).formatted), formatted ?? code, text);
    });
  },
  phones(core, group, assert) {
    each("phones", group, ({ text, e164, code }) => {
      assert.equal(outcome(core, () => core.MobilePhone.parse(text).toJSON()), e164 ?? code, text);
    });
  },
  ages(core, group, assert) {
    each("ages", group, ({ born, years, months, reached }) => {
      assert.equal(core.AgeSpan.reachedOn({ years, months }, born), reached, born);
    });
  },
  passwordEnds(core, group, assert) {
    each("passwordEnds", group, ({ name, policy, born, today, ends, notice }) => {
      const rules = core.SignInPolicy.preset(policy);
      assert.equal(rules.passwordEnds(born, today) ?? null, ends, name);
      assert.equal(rules.passwordNotice(born, today) ?? null, notice, name);
    });
  },
  decisions(core, group, assert) {
    each("decisions", group, ({ name, policy, at, attempt, facts, admission, decision }) => {
      const rules = core.SignInPolicy.preset(policy);
      assert.deepEqual(plain(told(core, core.admit(rules, attempt, at))), admission, name);
      // As in a school, who is refused at the door is not looked up.
      assert.equal(decision !== undefined, admission.outcome === "admitted", name);
      if (decision === undefined) return;
      assert.deepEqual(plain(told(core, core.decide(rules, facts, attempt, at))), decision, name);
    });
  },
  diary(core, group, assert) {
    each("diary", [group], ({ slice, range, diary }) => {
      assert.deepEqual(plain(core.compose(slice, range)), diary);
    });
  },
  term(core, group, assert) {
    each("term", [group], ({ slice, term, summary }) => {
      assert.deepEqual(plain(core.summarise(slice, term)), summary);
    });
  },
  whatIf(core, group, assert, { term }) {
    const { subjects } = core.summarise(term.slice, term.term);
    each("whatIf", group, ({ subject, given, mean }) => {
      const found = subjects.find((one) => one.subject === subject);
      assert.ok(found, subject);
      assert.equal(core.whatIf(found, given)?.shown ?? null, mean, JSON.stringify(given));
    });
  },
  counts(_core, counts, assert) {
    assert.deepEqual(asked, counts);
  },
};
