/** What stands between JavaScript and the module: reading arguments, and the one error. */

import type { ErrorCode } from "./codes.js";

/**
 * An error with a stable code and texts for people: all that this package ever throws.
 *
 * Each function says which codes its own rules have. Whatever takes an argument throws besides
 * `argument_malformed` for one that is not of its type, `argument_too_large` for one of more than
 * 33 554 432 characters or bytes, and `text_malformed` for half of a character.
 */
export class ApiError extends Error {
  /** The stable code, one of `ERROR_CODES`. */
  readonly code: ErrorCode;
  /** The input the error is about, if it is about one. */
  readonly field: string | undefined;
  /** What was refused, if it is one value: cut where it is long, masked where it is personal. */
  readonly value: string | undefined;
  /** What a person reads, in Russian. */
  readonly textRu: string;
  /** The same in English. */
  readonly textEn: string;

  private constructor(
    code: string,
    field: string | undefined,
    value: string | undefined,
    textRu: string,
    textEn: string,
  ) {
    super(textEn);
    this.name = "ApiError";
    this.code = code;
    this.field = field;
    this.value = value;
    this.textRu = textRu;
    this.textEn = textEn;
  }

  /** @internal */
  static of(
    code: string,
    field: string | undefined,
    value: string | undefined,
    textRu: string,
    textEn: string,
  ): ApiError {
    return new ApiError(code, field, value, textRu, textEn);
  }

  /** The error as it crosses to a server or into a log. */
  toJSON(): { code: ErrorCode; field?: string; value?: string; textRu: string; textEn: string } {
    const { code, field, value, textRu, textEn } = this;
    return {
      code,
      ...(field === undefined ? {} : { field }),
      ...(value === undefined ? {} : { value }),
      textRu,
      textEn,
    };
  }
}

/** More text than anybody means to pass: a school's year for a class is some megabytes. */
const LONGEST = 32 * 1024 * 1024;

/** @internal */
export function apiError(
  code: string,
  field: string | undefined,
  value: string | undefined,
  textRu: string,
  textEn: string,
): ApiError {
  return ApiError.of(code, field ?? undefined, value ?? undefined, textRu, textEn);
}

/** The text that a value is; throws the name of what is amiss. @internal */
export function textOf(value: unknown): string {
  if (typeof value !== "string") throw "kind";
  if (value.length > LONGEST) throw "large";
  if (/\p{Surrogate}/u.test(value)) throw "half";
  return value;
}

/** A value as JSON; throws the name of what is amiss. @internal */
export function jsonOf(value: unknown): string {
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch {
    // A cycle, a BigInt, a proxy or a `toJSON` that throws, too much for one text.
    throw "kind";
  }
  if (json === undefined) throw "kind";
  if (json.length > LONGEST) throw "large";
  return json;
}

/** The value of a JSON that the module wrote. @internal */
export function valueOf(json: string): unknown {
  return JSON.parse(json);
}

/** How long an array of bytes really is; throws where there is none. */
const LENGTH = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), "length")!
  .get as (this: Uint8Array) => number;

/** The bytes that a value is; throws the name of what is amiss. @internal */
export function bytesOf(value: unknown): Uint8Array {
  // A length that an object tells of itself may be another than it has: then the module's memory would
  // be read in place of what is missing. The copy has its own.
  let length: number;
  try {
    length = LENGTH.call(value as Uint8Array);
    if (!(value instanceof Uint8Array)) throw "kind";
  } catch {
    throw "kind";
  }
  if (length > LONGEST) throw "large";
  const copy = new Uint8Array(length);
  copy.set(value);
  return copy;
}
