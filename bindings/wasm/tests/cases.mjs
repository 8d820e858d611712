// What holds for the package wherever it runs: Node calls `all` on it, and a page in a browser does.
// A case is a name and a function that throws what is wrong.

const same = (found, expected, what) => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} is not ${b}`);
};
const holds = (truth, what) => {
  if (!truth) throw new Error(what);
};

/** A term of one subject with its marks, as the portal writes it. */
const physics = {
  subject: "Физика",
  topics: [],
  homework: [],
  finals: [],
  marks: [
    {
      date: "2024-09-16",
      id: "019379ab-0000-7000-8000-000000000301",
      value: "4-",
      work: "Контрольная работа",
      title: "Контрольная работа № 1",
      weight: "5",
    },
  ],
  attendance: { late: 0, ill: 0, excused: 0, unexcused: 0, unspecified: 0 },
  debts: 0,
  unfilled: 0,
  lessons: 14,
};
const pupil = "019379ab-0000-7000-8000-000000000001";
const at = { instant: "2024-09-01T05:00:00Z", date: "2024-09-01" };
const range = { from: "2024-09-02", to: "2024-09-08" };
const bare = { pupil };
const diary = { pupil, range, days: [] };
const term = {
  pupil,
  term: "2024-q1",
  days: { from: "2024-09-01", to: "2024-10-27" },
  subjects: [physics],
};

/** Every case; `values` are the wire's own files by name. */
export function cases(core, values) {
  const { ApiError, AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Snils, SignInPolicy } = core;
  const thrown = new Set();
  const refuses = (code, call, field) => {
    let error;
    try {
      call();
    } catch (caught) {
      error = caught;
    }
    holds(error instanceof ApiError, `${code}: no ApiError but ${error?.name}: ${error?.message}`);
    same(error.code, code, "code");
    if (field !== undefined) same(error.field, field, `field of ${code}`);
    holds(/[а-яё]/i.test(error.textRu), `${code} says nothing in Russian`);
    holds(error.textEn.length > 5 && error.message === error.textEn, `${code} says nothing in English`);
    holds(error.toJSON().code === code, `${code} does not cross`);
    thrown.add(code);
    return error;
  };
  const list = {
    "a СНИЛС is checked, printed and hidden"() {
      const snils = Snils.parse("11223344595");
      same(snils.formatted, "112-233-445 95", "formatted");
      same(String(snils), "Snils(***-***-*** 95)", "masked");
      same({ snils }, { snils: "112-233-445 95" }, "wire");
      same(snils.isExempt, false, "exempt");
      same(Snils.parse("000-000-600 06").isExempt, true, "exempt");
      same(Object.keys(snils), [], "nothing to enumerate");
      for (const [code, text] of [
        ["snils_missing", ""],
        ["snils_malformed", "112-233-44 95"],
        ["snils_zero", "000-000-000 00"],
        ["snils_checksum", "112-233-445 96"],
      ]) {
        refuses(code, () => Snils.parse(text), "snils");
      }
      same(refuses("snils_checksum", () => Snils.parse("112-233-445 96")).value, "***-***-*** 96", "value");
    },
    "a phone, an address and a login are checked, printed and hidden"() {
      const phone = MobilePhone.parse("8 912 345-67-89");
      same([phone.formatted, String(phone), phone], ["+7 912 345-67-89", "MobilePhone(***89)", "+79123456789"], "phone");
      refuses("phone_missing", () => MobilePhone.parse(" "), "phone");
      refuses("phone_malformed", () => MobilePhone.parse("891234567"), "phone");
      refuses("phone_not_mobile", () => MobilePhone.parse("8 (4912) 25-33-11"), "phone");
      const email = Email.parse(" Pupil@Example.org ");
      same([email.formatted, email.canonical, String(email)], ["Pupil@Example.org", "pupil@example.org", "Email(***)"], "email");
      refuses("email_malformed", () => Email.parse("pupil@"), "email");
      const login = Login.parse("PR7_Test");
      same([login.formatted, String(login), login], ["pr7_test", "Login(***)", "pr7_test"], "login");
      refuses("login_malformed", () => Login.parse("проверка"), "login");
    },
    "a name is checked, kept apart and hidden"() {
      const name = FullName.parse(" Ёлкина ", "Анна", "Сергеевна");
      same([name.family, name.given, name.patronymic], ["Ёлкина", "Анна", { given: "Сергеевна" }], "parts");
      same([name.formatted, String(name)], ["Ёлкина Анна Сергеевна", "FullName(***)"], "printed");
      same(FullName.parse("Ёлкина", "Анна").patronymic, "missing", "missing");
      same(FullName.withoutPatronymic("Ли", "Анна").toJSON(), { family: "Ли", given: "Анна", patronymic: "none" }, "none");
      refuses("name_missing", () => FullName.parse("Ёлкина", ""), "given");
      refuses("name_malformed", () => FullName.parse("Ёлкина", "Анн4"), "given");
      refuses("name_too_long", () => FullName.parse("Ё".repeat(101), "Анна"), "family");
    },
    "a birth date is checked and hidden, and an age is reached on its day"() {
      const born = BirthDate.parse("31.08.2010");
      same([born.formatted, String(born), born], ["2010-08-31", "BirthDate(***)", "2010-08-31"], "birth date");
      refuses("date_missing", () => BirthDate.parse(""));
      refuses("date_invalid", () => BirthDate.parse("30.02.2017"), "birthDate");
      same(born.ofSomebodyOn("2024-09-01"), "2010-08-31", "somebody");
      refuses("birth_date_in_future", () => born.ofSomebodyOn("2010-08-30"), "birthDate");
      refuses("birth_date_too_long_ago", () => BirthDate.parse("01.09.1903").ofSomebodyOn("2024-09-01"));
      const age = { years: 14, months: 6 };
      same(AgeSpan.reachedOn(age, born), "2025-02-28", "14,5");
      same(AgeSpan.reachedOn(age, "29.02.2012"), "2026-08-29", "14,5 of a leap day");
      same(AgeSpan.reachedOn({ years: 14 }, born), "2024-08-31", "14");
    },
    "what is no text is refused, and no more than that"() {
      for (const read of [Snils, MobilePhone, Email, Login, BirthDate].map((type) => type.parse)) {
        for (const wrong of Object.values(wrongValues())) refuses("argument_malformed", () => read(wrong));
        for (const half of ["\ud800", "1\udc00", "а\ud83d"]) refuses("text_malformed", () => read(half));
        const long = "1".repeat(10 * 1024 * 1024);
        try {
          read(long);
          throw new Error("ten megabytes are read");
        } catch (error) {
          holds(error instanceof ApiError, `ten megabytes: ${error}`);
        }
        refuses("argument_too_large", () => read("1".repeat(33 * 1024 * 1024)));
      }
      for (const wrong of Object.values(wrongValues())) {
        refuses("argument_malformed", () => FullName.parse(wrong, "Анна"), "family");
        refuses("argument_malformed", () => FullName.parse("Ли", wrong), "given");
        if (wrong !== undefined && wrong !== null) {
          refuses("argument_malformed", () => FullName.parse("Ли", "Анна", wrong), "patronymic");
        }
        refuses("argument_malformed", () => BirthDate.parse("31.08.2010").ofSomebodyOn(wrong), "today");
        refuses("argument_malformed", () => AgeSpan.reachedOn(wrong, "31.08.2010"));
        refuses("argument_malformed", () => AgeSpan.reachedOn({ years: 14 }, wrong), "birthDate");
        const forged = Object.create(core.BirthDate.prototype);
        refuses("argument_malformed", () => AgeSpan.reachedOn({ years: 14 }, forged), "birthDate");
      }
      for (const years of [-1, 0.5, 256, Number.NaN, Number.POSITIVE_INFINITY, "14", 14n, null]) {
        refuses("argument_malformed", () => AgeSpan.reachedOn({ years }, "31.08.2010"), "years");
      }
    },
  };
  if (SignInPolicy !== undefined) Object.assign(list, whole(core, values, same, holds, refuses));
  list["every code is thrown, and every code that is thrown is known"] = () => {
    same([...thrown].sort(), [...core.ERROR_CODES].sort(), "codes");
  };
  return list;
}

/** What no function takes for anything else, by what it is. */
function wrongValues() {
  const cyclic = {};
  cyclic.itself = cyclic;
  const angry = new Proxy({}, {
    get() {
      throw new Error("not for you");
    },
    ownKeys() {
      throw new Error("not for you");
    },
  });
  const shy = new Proxy({}, {
    getPrototypeOf() {
      throw new Error("not for you");
    },
  });
  const grumpy = {
    toJSON() {
      throw new Error("not for you");
    },
  };
  let deep = {};
  for (let i = 0; i < 100_000; i++) deep = { deep };
  return {
    undefined, null: null, number: -5.5, truth: true, bigint: 5n, symbol: Symbol("x"), function: () => 1,
    cyclic, angry, shy, grumpy, deep,
  };
}

/** The cases of the whole package. */
function whole(core, values, same, holds, refuses) {
  const { SignInPolicy, FullName, Login } = core;
  const policy = SignInPolicy.preset("ryazan_2022");
  const facts = { password: "wrong" };
  const attempt = { password: { login: "pr7_test" } };
  return {
    "a policy is read, printed, and says who signs in how"() {
      same(policy.name, "ryazan_2022", "name");
      same(SignInPolicy.presets.map((name) => SignInPolicy.preset(name).name), SignInPolicy.presets, "presets");
      holds(SignInPolicy.presets.includes("ryazan_2024"), "presets");
      same(policy.rulesOn("2024-09-01").threshold, { years: 14, months: 6 }, "threshold");
      holds(policy.inWords()[0].textRu.includes("14,5"), "in words");
      same(policy.passwordEnds("31.08.2010", "2024-09-01"), "2025-02-28", "ends");
      same(policy.passwordNotice("31.08.2010", "2025-01-28"), undefined, "no notice");
      same(policy.passwordNotice("31.08.2010", "2025-01-29"), "2025-02-28", "notice");
      same(policy.passwordEnds(undefined, "2024-09-01"), undefined, "of whom nobody tells");
      const json = JSON.stringify(policy);
      same(SignInPolicy.fromJson(json), policy, "through text");
      same(SignInPolicy.fromJson(JSON.parse(json)), policy, "parsed");
      refuses("preset_unknown", () => SignInPolicy.preset("atlantis"), "name");
      const changed = (change) => {
        const copy = policy.toJSON();
        change(copy);
        return () => SignInPolicy.fromJson(copy);
      };
      refuses("policy_unknown", changed((it) => (it.rules.methods[0].method = "fingerprint")));
      refuses("policy_missing", changed((it) => (it.rules.matching = [])));
      refuses("policy_name_malformed", changed((it) => (it.name = "")));
      refuses("policy_contradiction", changed((it) => (it.rules.threshold.months = 12)));
      holds(
        refuses("policy_malformed", changed((it) => (it.rules.invented = 1))).textEn.includes("rules"),
        "it does not say where",
      );
      refuses("policy_malformed", () => SignInPolicy.fromJson("{"));
      refuses("date_invalid", () => policy.rulesOn("2024-02-31"));
      refuses("argument_malformed", () => policy.rulesOn(new Date()), "day");
    },
    "a sign-in is admitted and decided, a refusal has its words"() {
      same(core.admit(policy, attempt, at), { outcome: "admitted", keys: { login: "pr7_test" } }, "admitted");
      const refused = core.decide(policy, facts, attempt, at);
      same([refused.outcome, refused.refusal.code], ["refused", "wrong_credentials"], "decided");
      const words = core.refusalInWords(refused.refusal);
      holds(words.textRu.startsWith("Неверный логин"), "Russian");
      holds(words.textEn.length > 10, "English");
      holds(words.next.length > 0, "nothing to do next");
      same(words.next.map(({ step }) => step), refused.refusal.next, "steps");
      holds(words.next.every((step) => /[а-яё]/i.test(step.textRu) && step.textEn !== ""), "words of steps");
      same(core.decodeRefusal(JSON.stringify(refused.refusal)), refused.refusal, "decoded");
      same(core.refusalCodes()[0], "locked_until", "the first code");
      holds(core.refusalCodes().includes(refused.refusal.code), "an unknown code");
      const account = { ...values.account, birthDate: "2015-06-02" };
      delete account.closed;
      const known = { password: "right", candidates: [{ account, pupil: {} }] };
      const granted = core.decide(policy.toJSON(), known, attempt, at);
      same(granted.outcome, "granted", JSON.stringify(granted));
      same(granted.grant.accounts[0].roles, [{ role: "pupil" }], "roles");
      const { esia_person: person } = values;
      const { keys } = core.admit(policy, { esia: { ...person, assurance: "confirmed" } }, at);
      same(keys, { esia: { snils: person.snils, phone: person.verifiedPhone } }, "ЕСИА");
      const checked = {
        ...person, name: FullName.parse("Ёлкина", "Анна"), snils: core.Snils.parse(person.snils),
        birthDate: core.BirthDate.parse(person.birthDate), verifiedPhone: core.MobilePhone.parse("89123456789"),
      };
      same(core.admit(policy, { esia: checked }, at).keys, keys, "of values that were checked");
      const unconfirmed = core.admit(policy, { esia: { ...person, assurance: "unconfirmed" } }, at);
      same(unconfirmed.refusal?.code, "esia_not_confirmed", "ЕСИА");
      const closed = core.admit(SignInPolicy.preset("ryazan_2024"), attempt, at);
      same([closed.outcome, closed.refusal.code], ["refused", "use_esia"], "no passwords");
    },
    "a diary is composed, compared and decoded"() {
      const composed = core.compose(values.diary_slice, range);
      same([composed.pupil, composed.days.length], [values.diary_slice.pupil, 7], "composed");
      same(core.compose(bare, range).days.length, 7, "of nothing");
      same(core.changes(composed, composed), [], "nothing changed");
      same(core.decodeDiary(JSON.stringify(values.diary)), core.decodeDiary(values.diary), "decoded");
      same(core.decodeTerm(JSON.stringify(values.term_summary)), core.decodeTerm(values.term_summary), "term");
      refuses("json_malformed", () => core.decodeDiary("{"), "json");
      refuses("json_malformed", () => core.decodeTerm({ subjects: "all" }), "json");
      const changed = structuredClone(core.decodeDiary(values.diary));
      const before = core.decodeDiary(values.diary);
      const day = changed.days.find((one) => one.entries.length > 0);
      day.entries[0].topic = "Совсем другое";
      const [change] = core.changes(before, changed);
      same([change.kind, change.new], ["topic_changed", "Совсем другое"], "a topic changed");
      const told = core.changesInWords(before, changed);
      same(told.length, core.changes(before, changed).length, "each in words");
      const [words] = told;
      holds(words.textRu.includes("Совсем другое") && words.textEn.includes("Совсем другое"), words.textRu);
      same(core.decodeTerms([values.term]), [values.term], "terms");
      const summary = core.summarise(values.term_slice, values.term);
      same(summary.term, values.term, "summary");
      holds(summary.subjects.length > 0, "a term of no subject");
      const lessons = core.decodeDiary(values.diary).days.flatMap(({ entries }) => entries);
      const missed = core.absences(before);
      const held = lessons.filter(({ cancelled, planned, topic, attendance }) =>
        !cancelled && !planned && (topic || attendance));
      same(missed.all.held, held.length, "lessons held");
      same(missed.subjects.map(({ subject }) => subject), [...new Set(held.map(({ subject }) => subject))].sort(), "of subjects");
      same(core.weekOf("2024-09-05"), range, "a week");
      refuses("date_invalid", () => core.weekOf("2024-09-31"));
      refuses("range_reversed", () => core.compose(bare, { from: range.to, to: range.from }), "to");
      refuses("range_too_long", () => core.compose(bare, { from: "0001-01-01", to: "9999-12-31" }), "range");
      // A name of a megabyte and a half on each day of ten years.
      const decade = { from: "2014-09-01", to: "2024-08-31" };
      const named = { ...bare, calendar: [{ days: decade, rule: "vacation", name: "к".repeat(750_000) }] };
      refuses("range_too_long", () => core.compose(named, decade), "range");
      same(core.compose(named, range).days.length, 7, "a week");
      same(core.compose(bare, decade).days.length, 3653, "ten years");
      refuses("date_invalid", () => core.compose(bare, { from: "2024-02-30", to: range.to }));
    },
    "marks to come make a mean, and ways lead to a target"() {
      const five = { value: core.parseMark("5"), weight: core.parseWeight("3") };
      same(core.whatIf(physics, [five]).shown, "4.38", "mean");
      same(core.whatIf({ ...physics, marks: [] }, []), undefined, "no mark");
      const works = core.worksMet(physics);
      same(works, [{ kind: "Контрольная работа", weight: "5" }], "works");
      const ways = core.waysTo(physics, 450, works);
      same([ways.verdict, ways.ways[0].textRu], ["reachable", "ещё одна пятёрка за контрольную"], "ways");
      holds(ways.textRu !== "" && ways.ways[0].textEn !== "", "words");
      same(core.proposedFinal({}, core.whatIf(physics, [five])), 4, "proposed");
      same(core.proposedFinal({ thresholds: { 5: 430 } }, core.whatIf(physics, [five])), 5, "by the school's rules");
      refuses("mark_malformed", () => core.parseMark("6"), "value");
      refuses("weight_invalid", () => core.parseWeight("0"), "weight");
      refuses("argument_malformed", () => core.waysTo(physics, 4.5, works), "target");
    },
    "a card gets a login and a password"() {
      const name = FullName.parse("Щукина", "Юлия", "Андреевна");
      same(core.loginCandidates("pr7", name, 3), ["pr7_shhukina", "pr7_shhukina_yu", "pr7_shhukina_yu2"], "logins");
      same(core.loginCandidates("pr7", name.toJSON()).length, 10, "ten");
      same(core.passwordFrom(new Uint8Array([24, 27, 4, 12, 16, 31, 3, 7])), "25ens9dh", "password");
      refuses("card_randomness", () => core.passwordFrom(new Uint8Array(7)));
      // Nobody's memory is spelled where the bytes are fewer than they say.
      const boastful = Object.defineProperty(new Uint8Array(7), "length", { value: 400 });
      refuses("card_randomness", () => core.passwordFrom(boastful));
      const forged = Object.setPrototypeOf({ length: 8 }, Uint8Array.prototype);
      refuses("argument_malformed", () => core.passwordFrom(forged), "random");
      same(core.loginCandidates("a".repeat(10_000_000), FullName.parse("Ли", "Ян")), [], "a long prefix");
      same(core.checkNewPassword("горный ручей", "pr7_test"), undefined, "password");
      same(core.checkNewPassword("горный ручей", Login.parse("pr7_test"), "25ens9dh"), undefined, "password");
      refuses("password_too_short", () => core.checkNewPassword("1234567", "pr7_test"));
      refuses("password_too_long", () => core.checkNewPassword("1".repeat(129), "pr7_test"));
      refuses("password_is_login", () => core.checkNewPassword("PR7_test", "pr7_test"));
      refuses("password_is_former", () => core.checkNewPassword("горный ручей", "pr7_test", "горный ручей"));
      same(core.transliterate("Щукина"), "shhukina", "transliterated");
      const card = core.decodeCard(JSON.stringify(values.registration_card));
      same(core.cardText(card), core.cardText(values.registration_card), "decoded");
      holds(core.cardText(card).includes(values.registration_card.name.family), "the name on the card");
      same(core.cardText({ ...card, name: FullName.parse("Щукина", "Юлия") }).includes("Щукина"), true, "of a class");
      same(policy.cardRefusal("31.08.2010", "2025-02-27"), undefined, "a card");
      same(policy.cardRefusal("31.08.2010", "2025-02-28")?.code, "use_esia", "no card");
      same(policy.cardRefusal(undefined, "2025-02-28"), undefined, "of whom nobody tells");
      refuses("date_invalid", () => policy.cardRefusal("30.02.2010", "2025-02-28"), "birthDate");
    },
    "names and dates are read as files and people write them"() {
      const name = FullName.parse("Ёлкина", "Анна");
      same(core.fullNamesMatch(name, FullName.parse(" елкина", "АННА")), true, "matches");
      same(core.fullNamesMatch(name.toJSON(), FullName.parse("Ёлкин", "Анна")), false, "differs");
      same(core.foldedName(" Ёлкина"), core.foldedName("ЕЛКИНА"), "folded");
      same(core.foldedName("Ёлкина") === core.foldedName("Ёлкин"), false, "folded");
      same(core.parseDate("31.12.2024"), "2024-12-31", "date");
      refuses("date_missing", () => core.parseDate(" "));
    },
    "every argument of every function may be anything"() {
      const works = core.worksMet(physics);
      const mean = core.whatIf(physics, []);
      const written = structuredClone(core.decodeDiary(values.diary));
      written.days.find((one) => one.entries.length > 0).entries[0].topic = "Совсем другое";
      const [change] = core.changes(values.diary, written);
      const name = FullName.parse("Ли", "Анна").toJSON();
      const born = "31.08.2010";
      const day = "2024-09-01";
      const refusal = { code: "use_esia", next: ["use_esia"] };
      // What may be left out stands after the arguments, and so does where an empty object is sound.
      const calls = [
        [core.compose, [bare, range]],
        [core.summarise, [{ diary: bare }, values.term]],
        [core.changes, [diary, diary]],
        [core.changesInWords, [diary, diary]],
        [core.absences, [diary]],
        [core.whatIf, [physics, []]],
        [core.waysTo, [physics, 450, works]],
        [core.worksMet, [physics]],
        [core.proposedFinal, [{ sign: 30 }, mean], { empty: [0] }],
        [core.weekOf, [day]],
        [core.decodeDiary, [diary]],
        [core.decodeTerm, [values.term_summary]],
        [core.decodeTerms, [[values.term]]],
        [core.decodeCard, [values.registration_card]],
        [core.cardText, [values.registration_card]],
        [core.decodeRefusal, [refusal]],
        [core.refusalInWords, [refusal]],
        [core.admit, [policy, attempt, at]],
        [core.decide, [policy, facts, attempt, at], { empty: [1] }],
        [core.loginCandidates, ["pr7", name, 3], { absent: [2] }],
        [core.passwordFrom, [new Uint8Array(8)]],
        [core.checkNewPassword, ["горный ручей", "pr7_test", "25ens9dh"], { absent: [2], none: [2] }],
        [core.transliterate, ["Анна"]],
        [core.fullNamesMatch, [name, name]],
        [core.foldedName, ["Анна"]],
        [core.parseDate, [day]],
        [core.parseMark, ["5"]],
        [core.parseWeight, ["1"]],
        [(name) => SignInPolicy.preset(name), ["ryazan_2022"]],
        [(json) => SignInPolicy.fromJson(json), [policy.toJSON()]],
        [(day) => policy.rulesOn(day), [day]],
        [(born, today) => policy.passwordEnds(born, today), [born, day], { absent: [0], none: [0] }],
        [(born, today) => policy.passwordNotice(born, today), [born, day], { absent: [0], none: [0] }],
        [(born, today) => policy.cardRefusal(born, today), [born, day], { absent: [0], none: [0] }],
      ];
      for (const [name, exported] of Object.entries(core)) {
        const isAsked = typeof exported !== "function" || /^[A-Z]/.test(name) || exported.length === 0;
        holds(isAsked || calls.some(([call]) => call === exported), `${name} is not asked`);
      }
      for (const [call, sound, { absent = [], none = [], empty = [] } = {}] of calls) {
        call(...sound);
        for (const [place, argument] of sound.entries()) {
          const given = (wrong) => () => call(...sound.with(place, wrong));
          const told = (wrong) => `${call.name || call}, argument ${place}: ${wrong}`;
          for (const [kind, wrong] of Object.entries(wrongValues())) {
            const isSound =
              (kind === "undefined" && absent.includes(place)) || (kind === "null" && none.includes(place)) ||
              // Nothing of it is asked but what it holds, and it holds nothing.
              (kind === "shy" && empty.includes(place));
            same(isRefused(given(wrong)), !isSound, told(kind));
          }
          holds(isRefused(given("\ud800")), told("half of a character"));
          for (const odd of [{}, [[]], { pupil: "\ud800" }]) isRefused(given(odd));
          // Every value within, of another kind: each is looked at, for some kind is refused.
          for (const [path, never, rarely, telling] of brokenWithin(argument)) {
            // A policy is nobody's secret, and who writes one has to see what is wrong.
            const isPolicy = JSON.stringify(argument) === JSON.stringify(policy);
            holds(isPolicy || !said(given(telling)).includes(SECRET), told(`${path} is told`));
            for (const wrong of never) holds(isRefused(given(wrong)), told(path));
            holds(rarely.filter((wrong) => isRefused(given(wrong))).length > 0, told(path));
          }
        }
      }
      // What an error says of a value within. A rule of the core with a code of its own masks what is
      // personal itself, and shows a date or a weight that nobody can read.
      function said(call) {
        try {
          call();
          return "";
        } catch (error) {
          return ["argument_malformed", "json_malformed"].includes(error.code) ? JSON.stringify(error) : "";
        }
      }
      function isRefused(call) {
        try {
          call();
          return false;
        } catch (error) {
          if (!(error instanceof core.ApiError)) throw new Error(`${error?.name}: ${error?.message}`);
          if (!core.ERROR_CODES.includes(error.code)) throw new Error(`an unknown code ${error.code}`);
          return true;
        }
      }
      refuses("text_malformed", () => core.compose({ pupil: "\ud800" }, range), "slice");
      const named = refuses("argument_malformed", () => core.compose({ pupil, bells: [{ number: "Ёлкина" }] }, range));
      holds(named.textEn.includes("bells.0.number") && !named.textEn.includes("Ёлкина"), named.textEn);
    },
  };
}

/** What no error tells, wherever it stands. */
const SECRET = "Тайнова";

/**
 * The parts of a value, each with copies of the whole that nobody takes, with such as are odd, and with
 * one that has a secret there.
 */
function* brokenWithin(value) {
  if (value === null || typeof value !== "object" || value instanceof Uint8Array) return;
  const plain = JSON.parse(JSON.stringify(value));
  const paths = [];
  const walk = (part, path) => {
    if (part === null || typeof part !== "object") return;
    for (const key of Object.keys(part)) {
      paths.push([...path, key]);
      walk(part[key], [...path, key]);
    }
  };
  walk(plain, []);
  const broken = (path, wrong) => {
    const copy = structuredClone(plain);
    const last = path.at(-1);
    path.slice(0, -1).reduce((part, key) => part[key], copy)[last] = wrong;
    return copy;
  };
  const never = ["\udfff", 7n];
  const rarely = [null, undefined, 1e300, -1, [], {}, "9999999-99-99", "x".repeat(1000)];
  for (const path of paths) {
    const copies = (list) => list.map((wrong) => broken(path, wrong));
    yield [path.join("."), copies(never), copies(rarely), broken(path, SECRET)];
  }
}

/** Runs all of them; what failed, by name. */
export async function all(core, values) {
  const failed = {};
  const list = cases(core, values);
  for (const [name, run] of Object.entries(list)) {
    try {
      await run();
    } catch (error) {
      failed[name] = String(error?.stack ?? error);
    }
  }
  return { count: Object.keys(list).length, failed };
}
