// How values cross between Swift and the library; nothing here is for a caller.
//
// Lowering cannot throw. What is no date crosses as a number that the library refuses, with a code.

import Foundation

/// A day that no calendar has: refused with `date_invalid`.
private let noDay = Int64.min
/// A time that no day has: refused with `time_invalid`.
private let noTime = UInt64.max

private let daysOfEra: Int64 = 146_097
/// From 1 March of the year 0, with which an era of 400 years begins, to 1 January 1970.
private let epochOfEras: Int64 = 719_468

/// Days from 1 January 1970. Counted here: a `Calendar` is a hundred times slower, a diary has thousands.
func daysOf(_ date: DateComponents) -> Int64 {
    guard let year = date.year, let month = date.month, let day = date.day,
        (-300_000...300_000).contains(year), (1...12).contains(month), (1...31).contains(day),
        isGregorian(date)
    else { return noDay }
    // A year that begins in March has its odd day at its end.
    let shifted = Int64(month <= 2 ? year - 1 : year)
    let era = (shifted >= 0 ? shifted : shifted - 399) / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = Int64((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1)
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * daysOfEra + dayOfEra - epochOfEras
    // The 31st of a month of 30 days has become the 1st of the next.
    return civil(days) == (year, month, day) ? days : noDay
}

/// The date of so many days from 1 January 1970.
func dateOf(_ days: Int64) -> DateComponents {
    let (year, month, day) = civil(days)
    return DateComponents(year: year, month: month, day: day)
}

/// Nanoseconds from midnight.
func nanosOf(_ time: DateComponents) -> UInt64 {
    let (second, nanosecond) = (time.second ?? 0, time.nanosecond ?? 0)
    guard let hour = time.hour, let minute = time.minute,
        (0...23).contains(hour), (0...59).contains(minute), (0...59).contains(second),
        (0...999_999_999).contains(nanosecond)
    else { return noTime }
    return UInt64((hour * 60 + minute) * 60 + second) * 1_000_000_000 + UInt64(nanosecond)
}

/// The time of day so many nanoseconds from midnight.
func timeOf(_ nanos: UInt64) -> DateComponents {
    let (seconds, nanosecond) = (Int(nanos / 1_000_000_000), Int(nanos % 1_000_000_000))
    let (minutes, second) = (seconds / 60, seconds % 60)
    return DateComponents(hour: minutes / 60, minute: minutes % 60, second: second, nanosecond: nanosecond)
}

/// The sixteen bytes of an identifier.
func bytesOf(_ id: UUID) -> Data {
    withUnsafeBytes(of: id.uuid) { Data($0) }
}

/// An identifier of its sixteen bytes.
func uuidOf(_ bytes: Data) -> UUID {
    var uuid = noBytes
    withUnsafeMutableBytes(of: &uuid) { _ = bytes.copyBytes(to: $0) }
    return UUID(uuid: uuid)
}

private let noBytes: uuid_t = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

/// A date as ISO 8601 writes it.
func isoText(_ date: DateComponents) -> String {
    let parts = [(date.year ?? 0, 4), (date.month ?? 0, 2), (date.day ?? 0, 2)]
    return parts.map { String(repeating: "0", count: max(0, $1 - String($0).count)) + String($0) }
        .joined(separator: "-")
}

private func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
    let shifted = days + epochOfEras
    let era = (shifted >= 0 ? shifted : shifted - (daysOfEra - 1)) / daysOfEra
    let dayOfEra = shifted - era * daysOfEra
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let fromMarch = (5 * dayOfYear + 2) / 153
    let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (Int(year), Int(month), Int(dayOfYear - (153 * fromMarch + 2) / 5 + 1))
}

private func isGregorian(_ date: DateComponents) -> Bool {
    guard let calendar = date.calendar else { return true }
    return calendar.identifier == .gregorian || calendar.identifier == .iso8601
}
