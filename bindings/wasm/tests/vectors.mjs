// The groups of `bindings/vectors.json`, which Rust, Kotlin and Swift run too. A vector has its inputs
// and either what comes of them or the code of the error.

const outcome = (core, call) => {
  try {
    return { result: JSON.parse(JSON.stringify(call() ?? null)) };
  } catch (error) {
    if (!(error instanceof core.ApiError)) throw error;
    return { error: error.code };
  }
};

const each = (call) => (core, group, assert) => {
  for (const vector of group) {
    const found = outcome(core, () => call(core, vector));
    const expected = "error" in vector ? { error: vector.error } : { result: vector.result };
    assert.deepEqual(found, expected, JSON.stringify(vector));
  }
};

/** How the vectors of a group are run. */
export const groups = {
  snils: each((core, { text }) => core.Snils.parse(text)),
  phones: each((core, { text }) => core.MobilePhone.parse(text)),
  ages: each((core, { age, born }) => core.AgeSpan.reachedOn(age, born)),
  decisions: each((core, { policy, facts, attempt, at }) => {
    const how = typeof policy === "string" ? core.SignInPolicy.preset(policy) : policy;
    return core.decide(how, facts, attempt, at);
  }),
  diary: each((core, { slice, range }) => core.compose(slice, range)),
  whatIf: each((core, { subject, given }) => core.whatIf(subject, given)),
};
