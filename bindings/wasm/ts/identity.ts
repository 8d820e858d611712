/** Values that cannot be wrong: each is checked when it is made, and printed so that a log may hold it. */

import { checks } from "./bound.js";

/** What Node prints of an object. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A value that is a text on the wire and hides itself in a log. */
abstract class Hidden {
  readonly #wire: string;
  readonly #masked: string;

  /** @internal */
  protected constructor(wire: string, masked: string) {
    this.#wire = wire;
    this.#masked = masked;
  }

  /** What a log shows: enough to tell which kind of value it is, and no personal data. */
  toString(): string {
    return this.#masked;
  }

  /** The value in full, as the wire has it; `JSON.stringify` asks for it. */
  toJSON(): string {
    return this.#wire;
  }

  /** @internal */
  [INSPECT](): string {
    return this.#masked;
  }

  /** The text of a value that may be one already; what only looks like one stays what it is. @internal */
  static wireOf(value: unknown): unknown {
    return typeof value === "object" && value !== null && #wire in value ? value.#wire : value;
  }
}

/** The parts of a value of a kind. */
function parts(kind: string, given: unknown): [wire: string, masked: string, more: string] {
  return checks.valueOfKind(kind, given) as [string, string, string];
}

/**
 * A СНИЛС (*страховой номер индивидуального лицевого счёта*): nine digits and two of control.
 *
 * ```ts
 * const snils = Snils.parse("11223344595");
 * snils.formatted; // "112-233-445 95"
 * String(snils); // "Snils(***-***-*** 95)"
 * ```
 */
export class Snils extends Hidden {
  readonly #isExempt: boolean;

  private constructor([wire, masked, exempt]: [string, string, string]) {
    super(wire, masked);
    this.#isExempt = exempt !== "";
  }

  /**
   * Reads a СНИЛС in any of its spellings.
   *
   * Throws `snils_missing`, `snils_malformed`, `snils_zero`, `snils_checksum`.
   */
  static parse(text: string): Snils {
    return new Snils(parts("s", text));
  }

  /** The number as it is printed on paper: `112-233-445 95`. */
  get formatted(): string {
    return this.toJSON();
  }

  /** Whether the number is too old to have a control number. */
  get isExempt(): boolean {
    return this.#isExempt;
  }
}

/** A mobile phone (*мобильный телефон*). */
export class MobilePhone extends Hidden {
  readonly #readable: string;

  private constructor([wire, masked, readable]: [string, string, string]) {
    super(wire, masked);
    this.#readable = readable;
  }

  /**
   * Reads a phone: Russian ones as people write them, others with `+` and the country's code.
   *
   * Throws `phone_missing`, `phone_malformed`, `phone_not_mobile`.
   */
  static parse(text: string): MobilePhone {
    return new MobilePhone(parts("p", text));
  }

  /** The number as it is read best: `+7 912 345-67-89`. */
  get formatted(): string {
    return this.#readable;
  }
}

/** An e-mail address, as far as a school can check one without writing to it. */
export class Email extends Hidden {
  readonly #canonical: string;

  private constructor([wire, masked, canonical]: [string, string, string]) {
    super(wire, masked);
    this.#canonical = canonical;
  }

  /** Reads an address. Throws `email_malformed`. */
  static parse(text: string): Email {
    return new Email(parts("e", text));
  }

  /** The address as it was typed. */
  get formatted(): string {
    return this.toJSON();
  }

  /** The form by which two addresses are compared. */
  get canonical(): string {
    return this.#canonical;
  }
}

/** The login of a registration card. */
export class Login extends Hidden {
  private constructor([wire, masked]: [string, string, string]) {
    super(wire, masked);
  }

  /** Reads a login; capital letters are taken for small ones. Throws `login_malformed`. */
  static parse(text: string): Login {
    return new Login(parts("l", text));
  }

  /** The login. */
  get formatted(): string {
    return this.toJSON();
  }
}

/** A birth date (*дата рождения*). */
export class BirthDate extends Hidden {
  private constructor([wire, masked]: [string, string, string]) {
    super(wire, masked);
  }

  /**
   * Reads a birth date, `31.12.2010` or `2010-12-31`.
   *
   * Throws `date_missing`, `date_invalid`.
   */
  static parse(text: string): BirthDate {
    return new BirthDate(parts("b", text));
  }

  /** The day, as `2010-12-31`. */
  get formatted(): string {
    return this.toJSON();
  }

  /**
   * The same, if somebody born then can be there on a day: for whoever enters people.
   *
   * Throws `birth_date_in_future`, `birth_date_too_long_ago`, and for a day that is none `date_missing`,
   * `date_invalid`.
   */
  ofSomebodyOn(today: string): BirthDate {
    return BirthDate.parse(checks.birthDateOfSomebodyOn(this.toJSON(), today));
  }
}

/** What is known of a patronymic: this one, that there is none, or nothing. */
export type NamePatronymic = { given: string } | "none" | "missing";

/** A full name (*фамилия, имя, отчество*). */
export class FullName {
  readonly #parts: [family: string, given: string, kind: string, patronymic: string, masked: string];

  private constructor(parts: string[]) {
    this.#parts = parts as [string, string, string, string, string];
  }

  /**
   * Reads a name. A patronymic that is left out is missing: the name is incomplete.
   *
   * Throws `name_missing`, `name_malformed`, `name_too_long`, with the part as the field.
   */
  static parse(family: string, given: string, patronymic?: string): FullName {
    return new FullName(checks.fullName(family, given, patronymic, false));
  }

  /**
   * The name of somebody who has no patronymic, as staff confirmed.
   *
   * Throws `name_missing`, `name_malformed`, `name_too_long`, with the part as the field.
   */
  static withoutPatronymic(family: string, given: string): FullName {
    return new FullName(checks.fullName(family, given, undefined, true));
  }

  /** The family name (*фамилия*). */
  get family(): string {
    return this.#parts[0];
  }

  /** The given name (*имя*). */
  get given(): string {
    return this.#parts[1];
  }

  /** The patronymic (*отчество*). */
  get patronymic(): NamePatronymic {
    const [, , kind, patronymic] = this.#parts;
    return kind === "given" ? { given: patronymic } : kind === "none" ? "none" : "missing";
  }

  /** The name in a line. */
  get formatted(): string {
    const [family, given, , patronymic] = this.#parts;
    return [family, given, patronymic].filter((part) => part !== "").join(" ");
  }

  /** What a log shows: that it is a name. */
  toString(): string {
    return this.#parts[4];
  }

  /** The name in full, as the wire has it; `JSON.stringify` asks for it. */
  toJSON(): { family: string; given: string; patronymic: NamePatronymic } {
    return { family: this.family, given: this.given, patronymic: this.patronymic };
  }

  /** @internal */
  [INSPECT](): string {
    return this.#parts[4];
  }
}

/** An age in years and months, as in «14,5 лет». */
export interface AgeSpan {
  /** Whole years. */
  years: number;
  /** Months beyond them, 0 to 11. */
  months?: number;
}

/** The text of a value that may be one already. @internal */
export function wireOf(value: unknown): unknown {
  return Hidden.wireOf(value);
}

/** A field of what may be no object, or one that throws when it is asked. */
function field(value: unknown, name: "years" | "months"): unknown {
  try {
    return (value as Partial<AgeSpan> | null | undefined)?.[name];
  } catch {
    return null;
  }
}

function monthsOf(age: unknown): unknown {
  const months = field(age, "months");
  return months === undefined ? 0 : months;
}

/** What is counted of ages. */
export const AgeSpan = {
  /**
   * The day on which somebody reaches an age: the birth date moved by that span, clamped to the month's
   * end. **On that day the person already counts as older.**
   *
   * ```ts
   * AgeSpan.reachedOn({ years: 14, months: 6 }, "31.08.2010"); // "2025-02-28"
   * ```
   *
   * Throws `date_missing`, `date_invalid` for a birth date that is passed as a text and is none.
   */
  reachedOn(age: AgeSpan, born: BirthDate | string): string {
    return checks.reachedOn(field(age, "years"), monthsOf(age), wireOf(born));
  },
};
