import Eschool
import Foundation
import XCTest

/// A wrong input is a typed error, wherever it stands, and never ends the program.
final class BadInputTests: XCTestCase {
    func testDatesThatAreNone() throws {
        let slice = try decodeSlice(json: sliceJson)
        let policy = try SignInPolicy.preset("ryazan_2022")
        for date in noDates {
            XCTAssertEqual(code { try DateRange.week(of: date) }, "date_invalid", "\(date)")
            XCTAssertEqual(code { try DateRange.of(from: day(2024, 9, 1), to: date) }, "date_invalid")
            XCTAssertEqual(code { try BirthDate.of(date) }, "date_invalid")
            XCTAssertEqual(code { try born.ofSomebody(on: date) }, "date_invalid")
            XCTAssertEqual(code { try policy.passwordEnds(born: nil, today: date) }, "date_invalid")
            XCTAssertEqual(code { try policy.rules(on: date) }, "date_invalid")
            // Deep in what an argument is made of.
            let lessons = [slice.lessons[0], with(slice.lessons[0], date: date)]
            XCTAssertEqual(code { try compose(slice: with(slice, lessons: lessons), range: week()) }, "date_invalid")
            XCTAssertFalse(try week().contains(date))
        }
    }

    func testTimesThatAreNone() throws {
        let slice = try decodeSlice(json: sliceJson)
        for time in noTimes {
            let bell = Bell(number: 1, begins: DateComponents(hour: 8, minute: 30), ends: time)
            XCTAssertEqual(code { try compose(slice: with(slice, bells: [bell]), range: week()) }, "time_invalid")
        }
    }

    func testInstantsThatAreNone() throws {
        let slice = try decodeSlice(json: sliceJson)
        let policy = try SignInPolicy.preset("ryazan_2022")
        let attempt = Attempt.esia(esiaPerson())
        for instant in noInstants {
            let at = At(instant: instant, date: day(2024, 9, 1))
            XCTAssertEqual(code { try policy.admit(attempt: attempt, at: at) }, "instant_invalid", "\(instant)")
            let lessons = [with(slice.lessons[0], writtenAt: instant)]
            XCTAssertEqual(
                code { try compose(slice: with(slice, lessons: lessons), range: week()) }, "instant_invalid")
        }
        for instant in [Date.distantPast, .distantFuture, Date(timeIntervalSince1970: -0.5)] {
            let at = At(instant: instant, date: day(2024, 9, 1))
            XCTAssertNil(code { try policy.admit(attempt: attempt, at: at) })
        }
    }

    func testTextsOfEveryKind() throws {
        let long = String(repeating: "ё", count: 5_000_000)
        let texts = ["", " ", "\0", "1\0", "\u{FEFF}", "👩‍👩‍👧", "\u{202E}", "'; DROP TABLE", String(long.prefix(1)), long]
        let calls: [(String) throws -> Any] = [
            Snils.parse, MobilePhone.parse, Email.parse, Login.parse, CaseCode.parse, BirthDate.parse,
            Weight.parse, SignInPolicy.parse, SignInPolicy.preset, parseDate, parseMark, decodeDiary, decodeTerm,
            decodeTerms, decodeEvents, decodeSlice, decodeTermSlice, decodeCard, decodeRefusal,
        ]
        for (at, call) in calls.enumerated() {
            for text in texts {
                do {
                    _ = try call(text)
                } catch let error as ApiError {
                    XCTAssert(errorCodes().contains(error.code))
                    XCTAssertLessThan(error.textRu.utf8.count + (error.value ?? "").utf8.count, 2_000)
                } catch {
                    XCTFail("\(error) of \(at)")
                }
            }
        }
        XCTAssertEqual(code { try FullName.of(family: long, given: "Анна") }, "name_too_long")
        XCTAssertNotNil(code { try FullName.of(family: "Ли\0", given: "Анна") })
        XCTAssertEqual(try foldedName(text: long).count, 5_000_000)
        XCTAssertFalse(try transliterate(text: long).isEmpty)
    }

    func testTextsCrossWhole() throws {
        let slice = try decodeSlice(json: sliceJson)
        for topic in ["\0", "a\0b", "\u{FEFF}бом", "👩‍👩‍👧", "e\u{301}", "«ёлочки»", String(repeating: "я", count: 5_000_000)] {
            let lessons = [with(slice.lessons[0], topic: topic)]
            let composed = try compose(slice: with(slice, lessons: lessons), range: week())
            let read = try decodeDiary(json: encodeDiary(diary: composed))
            let topics = read.days.flatMap(\.entries).compactMap(\.topic)
            XCTAssertEqual(topics.map { Array($0.utf8) }, [Array(topic.utf8)])
        }
    }

    func testEmptyListsAndExtremeNumbers() throws {
        let slice = try decodeSlice(json: sliceJson)
        let none = with(slice, bells: [], lessons: [], marks: [], stays: [])
        XCTAssertEqual(try compose(slice: none, range: week()).days.count, 7)
        XCTAssertEqual(code { try passwordFrom(random: Data()) }, "card_randomness")
        XCTAssertEqual(try loginCandidates(prefix: "", name: herName, count: 0), [])
        XCTAssertLessThanOrEqual(try loginCandidates(prefix: "pr7", name: herName, count: .max).count, 65_535)
        XCTAssertEqual(code { try Weight.of(hundredths: 0) }, "weight_invalid")
        XCTAssertEqual(code { try Weight.of(hundredths: .max) }, "weight_invalid")
        for (sum, weights) in [(0, 0), (1, 0), (.max, .max), (.max, 1), (0, .max)] as [(UInt64, UInt64)] {
            let refused = code { try Mean.of(sum: sum, weights: weights) }
            XCTAssert(refused == nil || refused == "mean_out_of_scale", "\(sum) \(weights)")
        }
        XCTAssertEqual(code { try Grading.plain().withSign(.max) }, "grading_sign")
        XCTAssertEqual(code { try Grading.plain().withThreshold(.max, .max) }, "mark_malformed")
        XCTAssertNotNil(try? waysTo(subject: subject(), target: .max, works: []))
        XCTAssertNotNil(try? whatIf(subject: subject(), given: []))
        for age in [AgeSpan(years: .max, months: .max), AgeSpan(years: 0, months: 0)] {
            XCTAssertNotNil(try? born.reaches(age))
        }
    }

    func testADiaryGrowsToNoGigabytes() throws {
        let decade = try DateRange.of(from: day(2014, 9, 1), to: day(2024, 8, 31))
        for (letters, refused) in [(10, nil), (750_000, "range_too_long")] {
            let slice = try decodeSlice(json: """
                {"pupil": "019379ab-0000-7000-8000-000000000001", "calendar": [{
                    "days": {"from": "2014-09-01", "to": "2024-08-31"}, "rule": "vacation",
                    "name": "\(String(repeating: "к", count: letters))"
                }]}
                """)
            XCTAssertEqual(code { try compose(slice: slice, range: decade) }, refused)
            XCTAssertEqual(try compose(slice: slice, range: week()).days.count, 7)
        }
    }

    func testDaysAreCountedAsFoundationCountsThem() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try XCTUnwrap(TimeZone(secondsFromGMT: 0))
        var date = day(1896, 1, 1)
        let range = try DateRange.of(from: date, to: day(2104, 12, 31))
        var count = 0
        for counted in range.days {
            if count % 97 == 0 || counted.month == 2 {
                let instant = try XCTUnwrap(calendar.date(from: counted))
                date = calendar.dateComponents([.year, .month, .day], from: instant)
                XCTAssertEqual(counted, date)
                XCTAssertEqual(try DateRange.of(from: counted, to: counted).from, counted)
            }
            count += 1
        }
        XCTAssertEqual(count, 76_336)
        for text in ["0001-01-01", "0400-02-29", "2000-02-29", "9999-12-31"] {
            let parsed = try parseDate(text: text)
            XCTAssertEqual("\(try DateRange.of(from: parsed, to: parsed))", "\(text)...\(text)")
        }
    }

    func testManyThreadsCallAtOnce() throws {
        let slice = try decodeSlice(json: sliceJson)
        let range = try week()
        let expected = try compose(slice: slice, range: range)
        let failures = Counter()
        DispatchQueue.concurrentPerform(iterations: 64) { turn in
            for _ in 0..<50 {
                let composed = try? compose(slice: slice, range: range)
                let refused = code { try Snils.parse("112-233-445 9\(turn % 10)") }
                let isRight = composed == expected && refused == (turn % 10 == 5 ? nil : "snils_checksum")
                if !isRight { failures.add() }
            }
        }
        XCTAssertEqual(failures.count, 0)
    }
}

/// A number that many threads raise.
private final class Counter: @unchecked Sendable {
    private let lock = NSLock()
    private(set) var count = 0

    func add() {
        lock.lock()
        count += 1
        lock.unlock()
    }
}
