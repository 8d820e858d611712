import Foundation

/// A date without a time zone: `year`, `month` and `day` of the Gregorian calendar.
///
/// Foundation has one type for it. A `Date` is an instant: it would be another day in another time zone,
/// and a school's day is the same everywhere. Components that are no date – a part is missing, the month
/// has no such day, the calendar is another one – are refused with `date_invalid`, wherever in an
/// argument they stand.
public typealias NaiveDate = DateComponents

/// A time of day without a time zone: `hour`, `minute`, `second` and `nanosecond`. Whoever makes one may
/// leave out seconds and nanoseconds; what comes out has all four.
///
/// Components that are no time are refused with `time_invalid`, wherever in an argument they stand.
public typealias NaiveTime = DateComponents

/// A day of the week, as ISO 8601 counts them.
public enum Weekday: UInt8, CaseIterable, Hashable, Comparable, Sendable {
    case monday = 1, tuesday, wednesday, thursday, friday, saturday, sunday

    init(wire: UInt8) {
        self = Weekday(rawValue: wire) ?? .monday
    }

    public static func < (one: Weekday, other: Weekday) -> Bool { one.rawValue < other.rawValue }
}
