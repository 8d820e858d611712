import Foundation

/// A birth date; `description` hides it.
public struct BirthDate: Hashable, Comparable, Sendable, MaskedValue {
    /// Days from 1 January 1970.
    let wire: Int64

    init(wire: Int64) {
        self.wire = wire
    }

    /// A birth date.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for a day that nobody alive is born on.
    public static func of(_ date: NaiveDate) throws -> BirthDate {
        try birthDate(date: date)
    }

    /// A birth date from what somebody typed: `31.12.2010` or `2010-12-31`.
    ///
    /// - Throws: ``ApiError`` of code `date_missing`, `date_invalid`.
    public static func parse(_ text: String) throws -> BirthDate {
        try parseBirthDate(text: text)
    }

    /// The day.
    public var date: NaiveDate { dateOf(wire) }

    /// The day on which an age is reached, at the month's end where the day is missing.
    public func reaches(_ age: AgeSpan) throws -> NaiveDate {
        try ageReachedOn(age: age, born: self)
    }

    /// This date, if somebody alive may have it today.
    ///
    /// - Throws: ``ApiError`` of code `birth_date_in_future`, `birth_date_too_long_ago`, and
    ///   `date_invalid` for what is no date.
    public func ofSomebody(on today: NaiveDate) throws -> BirthDate {
        try birthDateOfSomebodyOn(born: self, today: today)
    }

    public var description: String { "***" }

    public static func < (one: BirthDate, other: BirthDate) -> Bool { one.wire < other.wire }
}

/// A full name (*фамилия, имя, отчество*), as it was typed; `description` hides it.
public struct FullName: Hashable, Sendable, MaskedValue {
    let parts: NameParts

    init(parts: NameParts) {
        self.parts = parts
    }

    /// A name of its parts; `-` or `нет` for a patronymic that there is none of.
    ///
    /// - Throws: ``ApiError`` of code `name_missing`, `name_malformed`, `name_too_long`, with the part
    ///   as `field`.
    public static func of(family: String, given: String, patronymic: String? = nil) throws -> FullName {
        try fullName(family: family, given: given, patronymic: patronymic)
    }

    /// The family name (*фамилия*).
    public var family: String { parts.family }

    /// The given name (*имя*).
    public var given: String { parts.given }

    /// The patronymic (*отчество*).
    public var patronymic: Patronymic { parts.patronymic }

    /// The whole name, for a page: «Иванова Анна Сергеевна».
    public var formatted: String {
        guard case let .given(patronymic) = parts.patronymic else { return "\(family) \(given)" }
        return "\(family) \(given) \(patronymic)"
    }

    /// Whether both are the same but for case, ё and е, spaces and look-alike Latin letters.
    public func matches(_ other: FullName) throws -> Bool {
        try fullNamesMatch(one: self, other: other)
    }

    public var description: String { "***" }
}
