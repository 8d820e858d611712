/** What the entry for checks alone has. */

export { ApiError } from "./border.js";
export { AgeSpan, BirthDate, Email, FullName, Login, MobilePhone, Snils } from "./identity.js";
export type { NamePatronymic } from "./identity.js";
export type { CheckErrorCode, ErrorCode } from "./codes.js";
export { CHECK_ERROR_CODES as ERROR_CODES } from "./codes.js";
