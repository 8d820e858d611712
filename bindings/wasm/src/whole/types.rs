//! Types that only TypeScript needs a name for.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { SignInPolicy } from "../policy.js";
import type { BirthDate, Email, FullName, Login, MobilePhone, Snils } from "../identity.js";

interface Checked {
    snils: Snils;
    phone: MobilePhone;
    verifiedPhone: MobilePhone;
    email: Email;
    verifiedEmail: Email;
    login: Login;
    birthDate: BirthDate;
}

/**
 * A value that is passed: a field that holds a number, an address, a login or a birth date as a text
 * may hold the value that was checked, which is written as that text.
 */
export type Passed<T> = T extends object
    ? { [K in keyof T]: Passed<T[K]> | (K extends keyof Checked ? Checked[K] : never) }
    : T;

/** A day without a time zone, as in `2024-09-01`: the school's own date. */
export type LocalDate = string;

/** A time of day at the school, as in `08:30:00`. */
export type LocalTime = string;

/** A moment, as in `2024-09-01T05:30:00Z`. */
export type Instant = string;

/** A day of the week. */
export type Weekday = "Mon" | "Tue" | "Wed" | "Thu" | "Fri" | "Sat" | "Sun";

declare enum NewerCode {
    other = "another code, of a newer version",
}

/**
 * A code that only a newer version of the system writes. It is a text, kept and given back as it came;
 * that TypeScript takes it for none of the known ones lets those be told apart.
 */
export type Unknown = NewerCode;
"#;
