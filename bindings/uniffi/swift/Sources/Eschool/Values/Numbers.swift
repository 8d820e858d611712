/// СНИЛС: the number of a person's insurance account. One that exists is right.
///
/// `description` hides all but the last two digits, so that a log line tells nobody's number (152-ФЗ);
/// ``formatted`` is the number itself.
public struct Snils: Hashable, Comparable, Sendable, MaskedValue {
    let wire: String

    init(wire: String) {
        self.wire = wire
    }

    /// A number from what somebody typed, with spaces and hyphens or without.
    ///
    /// - Throws: ``ApiError`` of code `snils_missing`, `snils_malformed`, `snils_zero`,
    ///   `snils_checksum`.
    public static func parse(_ text: String) throws -> Snils {
        try parseSnils(text: text)
    }

    /// The number as documents have it: `112-233-445 95`.
    public var formatted: String { wire }

    /// The eleven digits.
    public var digits: String { wire.filter(\.isNumber) }

    public var description: String { "***-***-*** \(wire.suffix(2))" }

    public static func < (one: Snils, other: Snils) -> Bool { one.wire < other.wire }
}

/// A mobile phone. One that exists is a number in E.164, of Russia a mobile one.
///
/// `description` hides all but the last two digits; ``e164`` is the number itself.
public struct MobilePhone: Hashable, Comparable, Sendable, MaskedValue {
    let wire: String

    init(wire: String) {
        self.wire = wire
    }

    /// A number from what somebody typed; of another country only with `+`.
    ///
    /// - Throws: ``ApiError`` of code `phone_missing`, `phone_malformed`, `phone_not_mobile`.
    public static func parse(_ text: String) throws -> MobilePhone {
        try parsePhone(text: text)
    }

    /// The number in E.164: `+79123456789`.
    public var e164: String { wire }

    public var description: String { "***\(wire.suffix(2))" }

    public static func < (one: MobilePhone, other: MobilePhone) -> Bool { one.wire < other.wire }
}

/// An e-mail address; `description` hides it.
public struct Email: Hashable, Sendable, MaskedValue {
    let wire: String

    init(wire: String) {
        self.wire = wire
    }

    /// An address from what somebody typed.
    ///
    /// - Throws: ``ApiError`` of code `email_malformed`.
    public static func parse(_ text: String) throws -> Email {
        try parseEmail(text: text)
    }

    /// The address.
    public var address: String { wire }

    public var description: String { "***" }
}

/// The login of a registration card; `description` hides it.
public struct Login: Hashable, Sendable, MaskedValue {
    let wire: String

    init(wire: String) {
        self.wire = wire
    }

    /// A login from what somebody typed.
    ///
    /// - Throws: ``ApiError`` of code `login_malformed`.
    public static func parse(_ text: String) throws -> Login {
        try parseLogin(text: text)
    }

    /// The login, in small letters.
    public var text: String { wire }

    public var description: String { "***" }
}

/// The short code (*код обращения*) under which what ЕСИА said is kept; `description` hides it.
public struct CaseCode: Hashable, Sendable, MaskedValue {
    let wire: String

    init(wire: String) {
        self.wire = wire
    }

    /// A code as it was read out: case, hyphen and look-alike letters do not matter.
    ///
    /// - Throws: ``ApiError`` of code `case_code_malformed`.
    public static func parse(_ text: String) throws -> CaseCode {
        try parseCaseCode(text: text)
    }

    /// The code as it is read out: `7Q4-K2M`.
    public var formatted: String { wire }

    public var description: String { "***" }
}
