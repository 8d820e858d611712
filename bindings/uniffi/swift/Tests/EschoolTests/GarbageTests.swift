import Eschool
import Foundation
import XCTest

/// JSON that is spoilt at any place is an answer or a typed error, and so is what is done with it.
final class GarbageTests: XCTestCase {
    private let codes = Set(errorCodes())

    /// What a call answers; none if it throws one of the library's own errors.
    private func answer<T>(_ call: () throws -> T) -> T? {
        do {
            return try call()
        } catch let error as ApiError {
            XCTAssert(codes.contains(error.code), error.code)
            XCTAssertLessThan(error.textRu.utf8.count, 2_000)
        } catch {
            XCTFail("\(error)")
        }
        return nil
    }

    /// Reads every spoilt copy of a JSON text, and uses those that can be read.
    private func spoil<T>(
        _ json: String, _ read: (String) throws -> T, then use: (T) throws -> Void
    ) throws {
        XCTAssertNotNil(answer { try read(json) }, json)
        let whole = try JSONSerialization.jsonObject(with: Data(json.utf8))
        var (count, refused) = (0, 0)
        for copy in spoilt(whole) {
            count += 1
            guard let value = answer({ try read(Read.json(["it": copy]).spoiltPart) }) else {
                refused += 1
                continue
            }
            _ = answer { try use(value) }
        }
        XCTAssertGreaterThan(refused, 0)
        XCTAssertGreaterThan(count, refused)
        for end in stride(from: 0, to: json.count - 1, by: 5) {
            XCTAssertNil(answer { try read(String(json.prefix(end))) })
        }
    }

    func testJournals() throws {
        try spoil(sliceJson, decodeSlice) { _ = try encodeDiary(diary: compose(slice: $0, range: week())) }
        let term = try decodeTerms(json: "[\(termJson)]")[0]
        try spoil(termSliceJson, decodeTermSlice) { slice in
            for subject in try summarise(slice: slice, term: term).subjects {
                _ = try waysTo(subject: subject, target: 450, works: worksMet(subject: subject))
            }
        }
        let slice = try decodeTermSlice(json: termSliceJson)
        try spoil("[\(termJson)]", decodeTerms) { for one in $0 { _ = try summarise(slice: slice, term: one) } }
    }

    func testDiaries() throws {
        let good = try diary()
        try spoil(encodeDiary(diary: good), decodeDiary) {
            _ = try absences(diary: $0)
            for change in try changes(before: good, after: $0) { _ = try changeInWords(change: change) }
        }
        let event = """
            [{"cursor":1,"pupil":"019379ab-0000-7000-8000-000000000001","at":"2024-09-16T12:00:00Z",
            "what":{"kind":"day_changed","date":"2024-09-16","old":{"kind":"ordinary"},
            "new":{"kind":"holiday","name":"День школы"}}}]
            """
        try spoil(event, decodeEvents) { for one in $0 { _ = try changeInWords(change: one.what) } }
    }

    func testSigningIn() throws {
        try spoil(cardJson, decodeCard) { _ = try cardText(card: $0) }
        let refusal = """
            {"code":"use_esia","next":["use_esia"],"until":"2024-09-20T12:02:00Z",
            "threshold":{"years":14,"months":6},"case":"7Q4-K2M"}
            """
        try spoil(refusal, decodeRefusal) { _ = try refusalInWords(refusal: $0) }
        try spoil(SignInPolicy.preset("ryazan_2024").json, SignInPolicy.parse) {
            _ = try $0.rules(on: day(2024, 9, 1))
            _ = try $0.inWords()
        }
    }

    func testHalvesOfCharacters() throws {
        // Swift's texts hold none: what comes as one becomes U+FFFD on its way in.
        let halves: [[UInt16]] = [[0xD800], [0xDC00], [0x41, 0xD83D], [0xDE00, 0x42], [0xDC00, 0xD800]]
        let slice = try decodeSlice(json: sliceJson)
        for half in halves {
            for text in [String(decoding: half, as: UTF16.self), String(utf16CodeUnits: half, count: half.count)] {
                XCTAssertNotNil(code { try Snils.parse(text) })
                XCTAssertNotNil(code { try FullName.of(family: text, given: "Анна") })
                XCTAssertNotNil(code { try decodeDiary(json: "{\"pupil\":\"\(text)\"}") })
                let remark = Remark(pupil: slice.pupil, lesson: slice.lessons[0].id, text: text)
                let composed = try compose(slice: with(slice, remarks: [remark]), range: week())
                let told = composed.days[0].entries[0].remarks.map(\.text)
                XCTAssertEqual(told.map { Array($0.utf8) }, [Array(text.utf8)])
            }
        }
        // Escaped in JSON they are refused.
        XCTAssertEqual(code { try decodeRefusal(json: #"{"code":"\ud800","next":[]}"#) }, "json_malformed")
    }

    func testDeepJson() {
        for bracket in ["[", "{\"a\":", "[{\"a\":"] {
            let deep = String(repeating: bracket, count: 100_000)
            XCTAssertEqual(code { try decodeSlice(json: deep) }, "json_malformed")
            XCTAssertEqual(code { try decodeSlice(json: "{\"pupil\":" + deep) }, "json_malformed")
        }
    }
}

/// What may stand in the place of anything.
private let garbage: [Any] = [
    NSNull(), true, -1, 1e300, 9_007_199_254_740_993, "", "\u{0}\u{202E}", "31.02.2024", [Any](), [[String: Any]()],
    [String: Any](),
]

/// Every copy of a value with garbage in one place, or without one of its parts.
private func spoilt(_ value: Any) -> [Any] {
    var copies = garbage
    if let object = value as? [String: Any] {
        for (name, part) in object {
            copies += spoilt(part).map { worse in object.merging([name: worse]) { $1 } }
            copies.append(object.filter { $0.key != name })
        }
    } else if let list = value as? [Any] {
        for (at, part) in list.enumerated() {
            copies += spoilt(part).map { worse in
                var copy = list
                copy[at] = worse
                return copy
            }
        }
    }
    return copies
}

extension String {
    /// The value of `{"it":…}`: JSON that is written has to be an object.
    fileprivate var spoiltPart: String { String(dropFirst("{\"it\":".count).dropLast()) }
}
