import Eschool
import Foundation
import XCTest

/// Every code that the library throws comes out of a call, typed.
final class ErrorCodeTests: XCTestCase {
    /// Swift has no value that would bring them about: an enum is a day of the week, an identifier has
    /// sixteen bytes.
    private let impossible: Set = ["value_malformed", "weekday_invalid"]

    func testEveryCodeIsThrown() throws {
        let policy = try SignInPolicy.preset("ryazan_2022")
        let rules = try policy.rules(on: day(2024, 9, 1))
        let plain = try Grading.plain()
        let slice = try decodeSlice(json: sliceJson)
        guard case let .unknown(rule) = slice.calendar[0].rule else { return XCTFail("\(slice.calendar)") }
        let early = Bell(number: 1, begins: DateComponents(hour: 25, minute: 0), ends: DateComponents())
        let at = At(instant: Date(timeIntervalSince1970: .infinity), date: day(2024, 9, 1))
        let attempt = Attempt.password(PasswordAttempt(login: "pr7"))

        let calls: [(String, () throws -> Any)] = [
            ("birth_date_in_future", { try born.ofSomebody(on: day(2010, 8, 30)) }),
            ("birth_date_too_long_ago", { try born.ofSomebody(on: day(2200, 1, 1)) }),
            ("card_randomness", { try passwordFrom(random: Data(count: 7)) }),
            ("case_code_malformed", { try CaseCode.parse("7Q4") }),
            ("date_invalid", { try parseDate(text: "31.02.2024") }),
            ("date_missing", { try parseDate(text: " ") }),
            ("email_malformed", { try Email.parse("uljana") }),
            ("grading_sign", { try plain.withSign(51) }),
            ("grading_threshold", { try plain.withThreshold(5, 501) }),
            ("instant_invalid", { try policy.admit(attempt: attempt, at: at) }),
            ("json_malformed", { try decodeDiary(json: "{") }),
            ("login_malformed", { try Login.parse("ы") }),
            ("mark_malformed", { try parseMark(text: "6") }),
            ("mean_out_of_scale", { try Mean.of(sum: 6, weights: 1) }),
            ("name_malformed", { try FullName.of(family: "7", given: "Анна") }),
            ("name_missing", { try FullName.of(family: "", given: "Анна") }),
            ("name_too_long", { try FullName.of(family: String(repeating: "а", count: 9_000), given: "Анна") }),
            ("password_is_former", { try checkNewPassword(password: "25ens2dh", login: login, former: "25ens2dh") }),
            ("password_is_login", { try checkNewPassword(password: login.text, login: login, former: nil) }),
            ("password_too_long", {
                try checkNewPassword(password: String(repeating: "aB3", count: 9_000), login: login, former: nil)
            }),
            ("password_too_short", { try checkNewPassword(password: "a", login: login, former: nil) }),
            ("phone_malformed", { try MobilePhone.parse("девять") }),
            ("phone_missing", { try MobilePhone.parse("") }),
            ("phone_not_mobile", { try MobilePhone.parse("8 (4912) 25-33-11") }),
            ("policy_contradiction", { try SignInPolicy.of(name: "наш", first: with(rules, noticeDays: 400)) }),
            ("policy_malformed", { try SignInPolicy.parse("{}") }),
            ("policy_missing", { try SignInPolicy.of(name: "наш", first: with(rules, matching: [])) }),
            ("policy_name_malformed", { try SignInPolicy.of(name: "", first: rules) }),
            ("policy_unknown", {
                try SignInPolicy.of(name: "наш", first: with(rules, youngByEsia: .unknown("maybe")))
            }),
            ("preset_unknown", { try SignInPolicy.preset("moscow_1980") }),
            ("range_reversed", { try DateRange.of(from: day(2024, 9, 2), to: day(2024, 9, 1)) }),
            ("range_too_long", {
                let ages = try DateRange.of(from: day(-200_000, 1, 1), to: day(200_000, 1, 1))
                return try compose(slice: slice, range: ages)
            }),
            ("snils_checksum", { try Snils.parse("112-233-445 96") }),
            ("snils_malformed", { try Snils.parse("112") }),
            ("snils_missing", { try Snils.parse("") }),
            ("snils_zero", { try Snils.parse("000-000-000 00") }),
            ("text_malformed", { try refuseText() }),
            ("time_invalid", { try compose(slice: with(slice, bells: [early]), range: week()) }),
            // A rule is no change, whatever version wrote it.
            ("unknown_malformed", { try changeInWords(change: .unknown(rule)) }),
            ("weight_invalid", { try Weight.parse("0") }),
        ]
        for (expected, call) in calls {
            XCTAssertEqual(code(call), expected)
        }
        let thrown = Set(calls.map(\.0))
        XCTAssertEqual(thrown.count, calls.count)
        XCTAssertEqual(thrown.union(impossible).symmetricDifference(errorCodes()), [])
    }

    func testAnErrorSaysWhatPeopleRead() throws {
        XCTAssertThrowsError(try Snils.parse("112-233-445 96")) { error in
            let refused = error as? ApiError
            XCTAssertEqual(refused?.code, "snils_checksum")
            XCTAssertEqual(refused?.field, "snils")
            XCTAssertEqual(refused?.value, "***-***-*** 96")
            XCTAssertEqual(refused?.textRu, error.localizedDescription)
            XCTAssert(error.localizedDescription.contains("СНИЛС"), error.localizedDescription)
            XCTAssert(refused?.textEn.contains("document") == true)
            XCTAssertFalse("\(error)".contains("112-233"))
        }
    }
}
