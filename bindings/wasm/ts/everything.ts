/** What the whole entry has. */

export { ApiError } from "./border.js";
export { AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Snils } from "./identity.js";
export type { NamePatronymic } from "./identity.js";
export { SignInPolicy } from "./policy.js";
export {
  admit,
  changes,
  checkNewPassword,
  compose,
  decide,
  decodeDiary,
  decodeTerm,
  loginCandidates,
  parseMark,
  parseWeight,
  passwordFrom,
  summarise,
  transliterate,
  waysTo,
  whatIf,
  worksMet,
} from "./wasm/whole.js";
export type * from "./wasm/whole.js";
export { ERROR_CODES } from "./codes.js";
