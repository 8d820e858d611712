/** What the whole entry has. */

export { ApiError } from "./border.js";
export { AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Snils } from "./identity.js";
export type { NamePatronymic } from "./identity.js";
export { SignInPolicy } from "./policy.js";
export {
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
  decodeRefusal,
  decodeTerm,
  decodeTerms,
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
} from "./wasm/whole.js";
export type * from "./wasm/whole.js";
export type { ErrorCode } from "./codes.js";
export { ERROR_CODES } from "./codes.js";
