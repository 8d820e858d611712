// A caller that uses all of the package: it is compiled as strictly as TypeScript can, and never run.

import * as checks from "@eschool/core/checks";
import {
  type Admission,
  AgeSpan,
  ApiError,
  type Attempt,
  BirthDate,
  type Change,
  type Diary,
  type DiarySlice,
  ERROR_CODES,
  Email,
  type ErrorCode,
  type Facts,
  FullName,
  type GrantedRole,
  Login,
  type Mean,
  MobilePhone,
  SignInPolicy,
  Snils,
  type SubjectSummary,
  type TermSlice,
  type Verdict,
  absences,
  admit,
  cardText,
  changes,
  changesInWords,
  checkNewPassword,
  compose,
  decide,
  decodeCard,
  decodeDiary,
  decodeTerm,
  foldedName,
  fullNamesMatch,
  loginCandidates,
  parseDate,
  parseMark,
  parseWeight,
  passwordFrom,
  proposedFinal,
  refusalCodes,
  refusalInWords,
  summarise,
  transliterate,
  waysTo,
  weekOf,
  whatIf,
  worksMet,
} from "@eschool/core";

export function typed(snils: string, phone: string): string {
  try {
    return `${Snils.parse(snils).formatted} ${MobilePhone.parse(phone).formatted}`;
  } catch (error) {
    if (error instanceof ApiError && error.code === "snils_checksum") return error.textRu;
    throw error;
  }
}

export function person(): string[] {
  const name = FullName.parse("Ёлкина", "Анна");
  const { patronymic } = name;
  const known: string = typeof patronymic === "string" ? patronymic : patronymic.given;
  const born: BirthDate = BirthDate.parse("31.08.2010").ofSomebodyOn("2024-09-01");
  const day: string = AgeSpan.reachedOn({ years: 14, months: 6 }, born);
  return [known, day, Email.parse("a@example.org").canonical, Login.parse("pr7_test").formatted];
}

/** Known roles are told apart, though a newer version may have others. */
function said(role: GrantedRole): string {
  switch (role.role) {
    case "pupil":
      return "ученик";
    case "parent":
      return `родитель: ${role.children.length}`;
    case "staff":
      return `сотрудник: ${role.classTeacherOf.join(", ")}`;
    default:
      return role.role;
  }
}

export function signIn(facts: Facts, attempt: Attempt): string {
  const policy = SignInPolicy.preset("ryazan_2022");
  const at = { instant: new Date().toISOString(), date: "2024-09-01" };
  const admission: Admission = admit(policy, attempt, at);
  if (admission.outcome === "refused") return refusalInWords(admission.refusal).textRu;
  const verdict: Verdict = decide(policy.toJSON(), facts, attempt, at);
  if (verdict.outcome === "refused") {
    if (!refusalCodes().includes(verdict.refusal.code)) return verdict.refusal.code;
    return refusalInWords(verdict.refusal).next.map((step) => step.textRu).join("; ");
  }
  return verdict.grant.accounts.flatMap((account) => account.roles.map(said)).join("; ");
}

/** What was checked is passed as it is. */
export function byEsia(facts: Facts): Verdict {
  const person = {
    oid: "1000299353",
    assurance: "confirmed",
    name: FullName.parse("Ли", "Анна"),
    snils: Snils.parse("11223344595"),
    birthDate: BirthDate.parse("31.08.2010"),
    verifiedPhone: MobilePhone.parse("89123456789"),
    verifiedEmail: Email.parse("a@example.org"),
  } as const;
  const at = { instant: "2024-09-01T05:30:00Z", date: "2024-09-01" };
  return decide(SignInPolicy.preset("ryazan_2022"), facts, { esia: person }, at);
}

export function rules(): string[] {
  const policy = SignInPolicy.fromJson(JSON.stringify(SignInPolicy.preset("udmurtia_2023")));
  const notice: string | undefined = policy.passwordNotice("31.08.2010", "2025-01-29");
  const ends = policy.passwordEnds(undefined, "2025-01-29");
  const years: number = policy.rulesOn("2025-01-29").threshold.years;
  return [...policy.inWords().map((rule) => rule.textRu), String(notice), String(ends), `${years}`];
}

function told(change: Change): string {
  if (change.kind === "mark_new") return `новая отметка: ${change.mark.value}`;
  if (change.kind === "topic_changed") return change.new ?? "";
  return change.kind;
}

export function diary(slice: DiarySlice, before: Diary): string[] {
  const after = compose(slice, weekOf(parseDate("02.09.2024")));
  const again: Diary = decodeDiary(JSON.stringify(after));
  const { all, subjects } = absences(again);
  const missed = `${all.perCent ?? "0"} ${all.missed} ${subjects.map((one) => one.absence.held)}`;
  const events = changesInWords(before, again).map((change) => change.textRu);
  return [missed, ...events, ...changes(before, again).map(told)];
}

export function whatComes(slice: TermSlice, subject: SubjectSummary): string[] {
  const days = { from: "2024-09-01", to: "2024-10-27" };
  const summary = decodeTerm(summarise(slice, { grade: 7, name: "1 четверть", kind: "quarter", days }));
  const given = [{ value: parseMark("5"), weight: parseWeight("3") }];
  const mean: Mean | undefined = whatIf(subject, given);
  const ways = waysTo(subject, 450, worksMet(subject));
  const final: number = mean === undefined ? 0 : proposedFinal(subject.grading ?? {}, mean);
  return [mean?.shown ?? "", `${final}`, ...ways.ways.map((way) => way.textRu), `${summary.subjects.length}`];
}

export function card(random: Uint8Array): string {
  const [login = ""] = loginCandidates("pr7", FullName.parse("Щукина", "Юлия"), 3);
  const password: string = passwordFrom(random);
  checkNewPassword(password, Login.parse(login));
  const same: boolean = fullNamesMatch(FullName.parse("Ли", "Ян"), { family: "Ли", given: "Ян" });
  const refusal = SignInPolicy.preset(SignInPolicy.presets[0] ?? "").cardRefusal("31.08.2010", "2025-03-01");
  const checked = { name: FullName.parse("Ли", "Ян"), login: Login.parse("pr7_test"), class: "7а" };
  const printed = cardText({ ...decodeCard("{}"), ...checked });
  return transliterate(`${login} ${password} ${same} ${refusal?.code} ${printed} ${foldedName("Ли")}`);
}

/** Codes are told by name, and a newer version may have others. */
export function helps(error: ApiError): string {
  const code: ErrorCode = error.code;
  return code === "snils_checksum" ? "перепишите номер" : error.textRu;
}

export const codes: readonly string[] = [...ERROR_CODES, ...checks.ERROR_CODES];
export const alone: checks.Snils = checks.Snils.parse("11223344595");
