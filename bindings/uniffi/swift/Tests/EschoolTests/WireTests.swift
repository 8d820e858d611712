import Eschool
import Foundation
import XCTest

/// What crosses comes back as it was.
final class WireTests: XCTestCase {
    func testADiaryIsTheSameAfterJson() throws {
        let once = try diary()
        let json = try encodeDiary(diary: once)
        XCTAssertEqual(try decodeDiary(json: json), once)
        XCTAssertEqual(try encodeDiary(diary: decodeDiary(json: json)), json)
    }

    func testUnknownValuesAreKept() throws {
        // A day off by a rule of a newer version, and values of enums that it added.
        let json = try encodeDiary(diary: diary())
            .replacingOccurrences(of: "\"4-\"", with: "\"★\"")
            .replacingOccurrences(of: "\"kind\":\"ordinary\"", with: "\"kind\":\"eclipse\"")
        XCTAssert(json.contains("★") && json.contains("eclipse"), json)
        let read = try decodeDiary(json: json)
        XCTAssertEqual(read.days[0].kind, .unknown("eclipse"))
        XCTAssertEqual(read.days[0].entries[0].marks[0].value, .unknown("★"))
        XCTAssertEqual(try encodeDiary(diary: read), json)

        let slice = try decodeSlice(json: sliceJson)
        guard case let .unknown(rule) = slice.calendar[0].rule else { return XCTFail("\(slice.calendar)") }
        XCTAssertEqual(rule.json, "{\"moon\":7}")
        XCTAssertEqual("\(rule)", "***")

        let refusal = try decodeRefusal(json: "{\"code\":\"asleep\",\"next\":[\"wake_up\"]}")
        XCTAssertEqual(refusal.code, .unknown("asleep"))
        XCTAssertEqual(refusal.next, [.unknown("wake_up")])
        XCTAssertFalse(try refusalInWords(refusal: refusal).textRu.isEmpty)
    }

    func testInstantsKeepTheirMicroseconds() throws {
        let slice = try decodeSlice(json: sliceJson)
        let written = slice.lessons[0].writtenAt
        XCTAssertEqual(written.timeIntervalSince1970, 1_726_488_000.123456, accuracy: 1e-6)
        let texts = ["2024-09-16T12:00:00.123456Z", "1969-12-31T23:59:58.999999Z", "1900-01-01T00:00:00.000001Z"]
        for text in texts { try expectBack(text) }
    }

    func testInstantsOfEveryAgeCross() throws {
        let instants: [(String, TimeInterval)] = [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.500Z", 0.5), ("1969-12-31T23:59:59Z", -1),
            ("0001-01-01T00:00:00Z", -62_135_596_800), ("9999-12-31T23:59:59Z", 253_402_300_799),
        ]
        for (text, seconds) in instants {
            XCTAssertEqual(try expectBack(text).timeIntervalSince1970, seconds, text)
        }
    }

    /// The instant of this text, of which Rust tells the same when it has come back.
    @discardableResult
    private func expectBack(_ text: String, line: UInt = #line) throws -> Date {
        let event = "[{\"cursor\":1,\"pupil\":\"019379ab-0000-7000-8000-000000000001\",\"at\":\"\(text)\""
        let events = try decodeEvents(json: event + ",\"what\":{\"kind\":\"moonrise\"}}]")
        let at = At(instant: events[0].at, date: day(2024, 9, 1))
        XCTAssert("\(at)".contains(text), "\(at) is not \(text)", line: line)
        return events[0].at
    }

    func testIdentifiersAndDaysCross() throws {
        let slice = try decodeSlice(json: sliceJson)
        XCTAssertEqual(slice.pupil, UUID(uuidString: "019379ab-0000-7000-8000-000000000001"))
        XCTAssertEqual(slice.timetable[0].weekday, .friday)
        XCTAssertEqual(slice.lessons[0].date, day(2024, 9, 16))
        XCTAssertEqual(try compose(slice: slice, range: week()).days[0].entries[0].lesson, slice.lessons[0].id)
        let lone = DateComponents(calendar: Calendar(identifier: .gregorian), year: 2024, month: 9, day: 16)
        XCTAssertEqual(try DateRange.week(of: lone), try week())
    }

    func testValuesAreSendableAndHashable() throws {
        func check<T: Sendable & Hashable>(_ values: T...) -> Int { Set(values).count }
        XCTAssertEqual(check(snils, snils), 1)
        XCTAssertEqual(check(phone, phone) + check(email, email) + check(login, login), 3)
        XCTAssertEqual(check(herName, herName) + check(born, born) + check(try week(), try week()), 3)
        XCTAssertEqual(check(try Grading.plain(), try Grading.plain()), 1)
        XCTAssertEqual(check(account, account) + check(try diary(), try diary()), 2)
        XCTAssertEqual(check(Weekday.monday, .sunday), 2)
    }
}
