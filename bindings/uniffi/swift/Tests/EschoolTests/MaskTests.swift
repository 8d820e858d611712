import Eschool
import Foundation
import XCTest

/// Whatever way a value is printed, it tells nobody's data.
final class MaskTests: XCTestCase {
    /// Everything that Swift has to print a value with.
    private func printed(_ value: Any) -> String {
        var text = ""
        print(value, to: &text)
        dump(value, to: &text)
        text += "\(value)"
        text += String(reflecting: value)
        text += String(describing: [value])
        text += String(describing: ["key": value])
        text += String(describing: Optional.some(value))
        for child in Mirror(reflecting: value).children { text += "\(child)" }
        return text
    }

    func testValuesAreMasked() throws {
        let slice = try decodeSlice(json: sliceJson)
        guard case let .unknown(rule) = slice.calendar[0].rule else { return XCTFail("\(slice.calendar)") }
        let policy = try SignInPolicy.preset("ryazan_2022")
        let values: [(any MaskedValue, String)] = [
            (snils, "***-***-*** 95"), (phone, "***89"), (email, "***"), (login, "***"), (herName, "***"),
            (born, "***"), (try CaseCode.parse("7Q4-K2M"), "***"), (rule, "***"),
            (policy, "SignInPolicy(ryazan_2022)"),
        ]
        for (value, shown) in values {
            XCTAssertEqual("\(value)", shown)
            XCTAssertEqual(value.debugDescription, shown)
            XCTAssertEqual(Mirror(reflecting: value).children.count, 0)
            expectNoSecret(printed(value))
            XCTAssertFalse(printed(value).contains("threshold"))
        }
        let tested = Set(values.map { value, _ in "\(type(of: value))" })
        let written = try sources(of: "Sources/Eschool/Values")
        XCTAssertEqual(tested, try matches(of: #"^public struct (\w+):.*\bMaskedValue\b"#, in: written))
        // What a value may show is decided, not forgotten.
        let shown = try matches(of: #"^public (?:struct|enum|final class|class) (\w+)"#, in: written)
        XCTAssertEqual(shown.subtracting(tested), ["DateRange", "Grading", "Mean", "Weekday", "Weight"])
    }

    func testEveryGeneratedTypeIsMasked() throws {
        let written = try sources(of: "Sources/Eschool/Generated")
        let types = #"^public (?:indirect )?(?:struct|enum) (\w+)"#
        let all = try matches(of: types, in: written)
        let masked = try matches(of: types + #":.*\bCustom(?:Reflectable|StringConvertible)\b"#, in: written)
        XCTAssertGreaterThan(masked.count, 100)
        // These hold what is masked by itself, or what people are to read.
        XCTAssertEqual(
            all.subtracting(masked),
            [
                "Admission", "ApiError", "ChangeInWords", "RefusalInWords", "StepInWords", "Verdict",
                "WayInWords", "WaysInWords",
            ])
    }

    func testWhatIsHiddenIsThereByName() throws {
        XCTAssertEqual(snils.formatted, "112-233-445 95")
        XCTAssertEqual(snils.digits, "11223344595")
        XCTAssertEqual(phone.e164, "+79123456789")
        XCTAssertEqual(email.address, "uljana@example.org")
        XCTAssertEqual(login.text, "pr7_uljana")
        XCTAssertEqual(herName.formatted, "Тайнова Ульяна Никоновна")
        XCTAssertEqual(herName.patronymic, .given("Никоновна"))
        XCTAssertEqual(try FullName.of(family: "Ли", given: "Анна", patronymic: "-").formatted, "Ли Анна")
        XCTAssertEqual(born.date, day(2010, 8, 31))
        XCTAssertEqual(try CaseCode.parse("7q4 k2m").formatted, "7Q4-K2M")
    }

    func testRecordsAboutPeopleAreMasked() throws {
        let policy = try SignInPolicy.preset("ryazan_2022")
        let attempts: [Attempt] = [
            .esia(esiaPerson()), .password(PasswordAttempt(login: "pr7_uljana")),
        ]
        let at = At(instant: noon, date: day(2024, 9, 16))
        let found = facts([pupil], password: .right)
        let people: [Any] = [
            account, pupil, found, attempts, esiaPerson(), herName.patronymic,
            try decodeCard(json: cardJson),
            try attempts.map { try policy.admit(attempt: $0, at: at) },
            try attempts.map { try policy.decide(facts: found, attempt: $0, at: at) },
            LookupKeys.login("pr7_uljana"),
        ]
        for person in people {
            expectNoSecret(printed(person))
        }
    }

    func testADiaryHidesWhatRustHides() throws {
        let text = printed(try diary()) + printed(try subject())
        for hidden in ["Трение", "4-", "№ 1", "§ 5"] where !diaryShows(hidden) {
            XCTAssertFalse(text.contains(hidden), hidden)
        }
    }

    /// Rust's `Debug` shows it: then Swift does.
    private func diaryShows(_ text: String) -> Bool {
        (try? diary().debugDescription.contains(text)) ?? false
            || (try? subject().debugDescription.contains(text)) ?? false
    }

    func testPrintingNeverEndsTheProgram() throws {
        let slice = try decodeSlice(json: sliceJson)
        for date in noDates {
            let lesson = with(slice.lessons[0], date: date)
            XCTAssertFalse(printed(lesson).isEmpty)
            XCTAssertFalse(printed(with(slice, lessons: [lesson])).isEmpty)
        }
        for time in noTimes {
            XCTAssertFalse(printed(Bell(number: 1, begins: time, ends: time)).isEmpty)
        }
        for instant in noInstants {
            XCTAssertFalse(printed(At(instant: instant, date: day(2024, 9, 1))).isEmpty)
        }
    }

    private func expectNoSecret(_ text: String, line: UInt = #line) {
        for secret in secrets {
            XCTAssertFalse(text.contains(secret), "\(secret) in \(text)", line: line)
        }
    }
}
