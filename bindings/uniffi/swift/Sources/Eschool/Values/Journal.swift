import Foundation

/// Days from one to another, both included.
public struct DateRange: Hashable, Sendable, CustomStringConvertible {
    /// The first and the last day, counted from 1 January 1970.
    let wire: [Int64]

    init(wire: [Int64]) {
        self.wire = wire
    }

    /// Days from one to another.
    ///
    /// - Throws: ``ApiError`` of code `range_reversed`, or `date_invalid` for what is no date.
    public static func of(from: NaiveDate, to: NaiveDate) throws -> DateRange {
        try dateRange(from: from, to: to)
    }

    /// The week of a day, Monday to Sunday.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date.
    public static func week(of day: NaiveDate) throws -> DateRange {
        try weekOf(day: day)
    }

    /// The first day.
    public var from: NaiveDate { dateOf(first) }

    /// The last day.
    public var to: NaiveDate { dateOf(last) }

    /// Every day of it, in order.
    public var days: LazyMapSequence<ClosedRange<Int64>, NaiveDate> { (first...last).lazy.map(dateOf) }

    /// Whether a day is one of them; never for what is no date.
    public func contains(_ day: NaiveDate) -> Bool { (first...last).contains(daysOf(day)) }

    public var description: String { "\(isoText(from))...\(isoText(to))" }

    private var first: Int64 { wire.first ?? 0 }
    private var last: Int64 { wire.last ?? 0 }
}

/// The weight (*вес*) of a work, in hundredths.
public struct Weight: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The weight in hundredths, 1 to 10 000.
    public let hundredths: UInt32

    init(wire: UInt32) {
        hundredths = wire
    }

    /// A weight of so many hundredths.
    ///
    /// - Throws: ``ApiError`` of code `weight_invalid`.
    public static func of(hundredths: UInt32) throws -> Weight {
        try weight(hundredths: hundredths)
    }

    /// A weight from what somebody typed: `3`, `1.5`, `1,5`.
    ///
    /// - Throws: ``ApiError`` of code `weight_invalid`.
    public static func parse(_ text: String) throws -> Weight {
        try parseWeight(text: text)
    }

    /// As it is shown: `3`, `1.5`.
    public var description: String { (try? weightShown(weight: self)) ?? "?" }

    public static func < (one: Weight, other: Weight) -> Bool { one.hundredths < other.hundredths }
}

/// A weighted mean (*средний балл*), exact; `description` is how it is shown, `4.25`.
public struct Mean: Hashable, Sendable, CustomStringConvertible {
    let wire: [UInt64]

    init(wire: [UInt64]) {
        self.wire = wire
    }

    /// The mean of a sum by weights.
    ///
    /// - Throws: ``ApiError`` of code `mean_out_of_scale`.
    public static func of(sum: UInt64, weights: UInt64) throws -> Mean {
        try mean(sum: sum, weights: weights)
    }

    /// The sum of points by weights, in lowest terms.
    public var sum: UInt64 { wire.first ?? 0 }

    /// The sum of weights, in lowest terms.
    public var weights: UInt64 { wire.last ?? 0 }

    /// As it is shown: two decimals, half up.
    public var description: String { (try? meanShown(mean: self)) ?? "?" }
}

/// A school's own rules of assessment: what a sign counts, and which mark a mean comes to.
public struct Grading: Hashable, Sendable, CustomStringConvertible {
    /// The sign, the thresholds of 2, 3, 4 and 5, and whether it is in the pupil's favour.
    let wire: [UInt16]

    init(wire: [UInt16]) {
        self.wire = wire
    }

    /// The plain rules: a sign counts nothing, a half is rounded up.
    public static func plain() throws -> Grading {
        try plainGrading()
    }

    /// How much a sign counts, in hundredths of a mark.
    public var sign: UInt16 { wire.first ?? 0 }

    /// From which mean in hundredths 2, 3, 4 and 5 are proposed.
    public var thresholds: [UInt16] { Array(wire.dropFirst().dropLast()) }

    /// Whether the mean that is shown decides, not the exact one.
    public var isInFavour: Bool { wire.last == 1 }

    /// The same rules, with a sign that counts so many hundredths of a mark.
    ///
    /// - Throws: ``ApiError`` of code `grading_sign`.
    public func withSign(_ hundredths: UInt16) throws -> Grading {
        try gradingWithSign(grading: self, hundredths: hundredths)
    }

    /// The same rules, with a mark proposed from a mean of so many hundredths on.
    ///
    /// - Throws: ``ApiError`` of code `grading_threshold`, and `mark_malformed` for points that are not
    ///   1 to 5.
    public func withThreshold(_ points: Points, _ hundredths: UInt16) throws -> Grading {
        try gradingWithThreshold(grading: self, points: points, hundredths: hundredths)
    }

    /// The same rules, in the pupil's favour or not.
    public func withFavour(_ inFavour: Bool) throws -> Grading {
        try gradingWithFavour(grading: self, inFavour: inFavour)
    }

    /// The final mark that a mean comes to.
    public func proposed(_ mean: Mean) throws -> Points {
        try proposedFinal(grading: self, mean: mean)
    }

    public var description: String {
        "Grading(sign: \(sign), thresholds: \(thresholds), isInFavour: \(isInFavour))"
    }
}

/// What a newer version wrote, kept to be handed on; `description` hides it.
public struct UnknownContent: Hashable, Sendable, MaskedValue {
    /// What was written, as JSON.
    public let json: String

    init(json: String) {
        self.json = json
    }

    public var description: String { "***" }
}
