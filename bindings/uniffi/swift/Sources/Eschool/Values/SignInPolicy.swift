import Foundation

/// Who signs in how, from which day (*порядок авторизации*). One that exists is sound: no rule is
/// missing, unknown or contradictory.
public struct SignInPolicy: Hashable, Sendable, MaskedValue {
    /// The policy as regions write it down.
    public let json: String

    init(wire: String) {
        json = wire
    }

    /// The names of the regimes that are ready-made.
    public static func presets() throws -> [String] {
        try policyPresets()
    }

    /// A ready-made regime: `ryazan_2022`, `udmurtia_2023`, `ryazan_2024`.
    ///
    /// - Throws: ``ApiError`` of code `preset_unknown`.
    public static func preset(_ name: String) throws -> SignInPolicy {
        try policyPreset(name: name)
    }

    /// A policy as regions write it down.
    ///
    /// - Throws: ``ApiError`` of code `policy_malformed` for a text that does not read, and
    ///   `policy_unknown`, `policy_missing`, `policy_contradiction`, `policy_name_malformed` with the rule
    ///   as `field`.
    public static func parse(_ json: String) throws -> SignInPolicy {
        try parsePolicy(json: json)
    }

    /// A policy of its rules: the first ones, and those that follow from a day on.
    ///
    /// - Throws: ``ApiError`` of code `policy_unknown`, `policy_missing`, `policy_contradiction`,
    ///   `policy_name_malformed` with the rule as `field`, and `date_invalid` for what is no date.
    public static func of(name: String, first: Rules, later: [DatedRules] = []) throws -> SignInPolicy {
        try signInPolicy(name: name, first: first, later: later)
    }

    /// Its name.
    public var name: String { (try? policyName(policy: self)) ?? "" }

    /// The rules of a day, by the school's date.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date.
    public func rules(on day: NaiveDate) throws -> Rules {
        try rulesOn(policy: self, day: day)
    }

    /// The policy told in words, rule by rule.
    public func inWords() throws -> [RuleInWords] {
        try policyInWords(policy: self)
    }

    /// The first day on which a pupil's password opens nothing any more, if there is one.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date.
    public func passwordEnds(born: BirthDate?, today: NaiveDate) throws -> NaiveDate? {
        try Eschool.passwordEnds(policy: self, born: born, today: today)
    }

    /// The same day, if it is near enough for the pupil to be told.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date.
    public func passwordNotice(born: BirthDate?, today: NaiveDate) throws -> NaiveDate? {
        try Eschool.passwordNotice(policy: self, born: born, today: today)
    }

    /// Why a pupil gets no registration card on a day; none for who gets one.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date.
    public func cardRefusal(born: BirthDate?, today: NaiveDate) throws -> Refusal? {
        try Eschool.cardRefusal(policy: self, born: born, today: today)
    }

    /// The first step of a sign-in: refuses what no role could accept, else says by which keys to look.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date, `instant_invalid` for an instant
    ///   that no calendar reaches.
    public func admit(attempt: Attempt, at: At) throws -> Admission {
        try Eschool.admit(policy: self, attempt: attempt, at: at)
    }

    /// The second step: judges what was found, role by role; any role that grants, grants.
    ///
    /// - Throws: ``ApiError`` of code `date_invalid` for what is no date, `instant_invalid` for an instant
    ///   that no calendar reaches.
    public func decide(facts: Facts, attempt: Attempt, at: At) throws -> Verdict {
        try Eschool.decide(policy: self, facts: facts, attempt: attempt, at: at)
    }

    public var description: String { "SignInPolicy(\(name))" }
}
