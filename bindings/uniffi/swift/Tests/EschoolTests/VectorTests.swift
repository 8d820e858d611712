import Eschool
import Foundation
import XCTest

/// The questions that every side is asked, with their answers: `bindings/vectors.json`.
final class VectorTests: XCTestCase {
    func testEveryEntryIsAsked() throws {
        let data = try Data(contentsOf: root.appendingPathComponent("bindings/vectors.json"))
        let file = try Read.typed(JSONSerialization.jsonObject(with: data), [String: Any].self)
        let counts = try Read.typed(XCTUnwrap(file["counts"]), [String: Int].self)
        let summary = try summary(of: XCTUnwrap(file["term"]))
        let groups: [String: (Fields) throws -> Void] = [
            "snils": { try self.agree($0, "formatted") { try Snils.parse($0).formatted } },
            "phones": { try self.agree($0, "e164") { try MobilePhone.parse($0).e164 } },
            "ages": age,
            "passwordEnds": passwordEnds,
            "decisions": decision,
            "diary": diary,
            "term": term,
            "whatIf": { try self.whatIfs($0, summary) },
        ]
        XCTAssertEqual(Set(file.keys), Set(groups.keys).union(["about", "counts"]))
        XCTAssertEqual(Set(counts.keys), Set(groups.keys))
        for (name, ask) in groups {
            let group = try XCTUnwrap(file[name], name)
            var asked = 0
            // A group that is one entry is a list of one.
            for entry in group as? [Any] ?? [group] {
                try Read.whole(entry, ask)
                asked += 1
            }
            XCTAssertEqual(asked, counts[name], name)
        }
    }

    func testWhatNobodyReadsIsAnError() throws {
        let known = ["instant": "2024-12-01T07:00:00Z", "date": "2024-12-01"]
        XCTAssertNoThrow(try Read.at(known))
        XCTAssertThrowsError(try Read.at(known.merging(["zone": "+03:00"]) { $1 }))
        XCTAssertThrowsError(try Read.at(["date": "2024-12-01"]))
    }

    private func agree(_ asked: Fields, _ answer: String, _ read: (String) throws -> String) throws {
        let text = try asked.one("text", Read.text)
        let (expected, refused) = (try asked.maybe(answer, Read.text), try asked.maybe("code", Read.text))
        XCTAssertEqual(code { try read(text) }, refused, "«\(text)»")
        XCTAssertEqual(try? read(text), expected, "«\(text)»")
    }

    private func age(_ asked: Fields) throws {
        let born = try asked.one("born", Read.born)
        XCTAssertEqual(try born.reaches(Read.age(asked)), try asked.one("reached", Read.date))
    }

    private func passwordEnds(_ asked: Fields) throws {
        let name = try asked.one("name", Read.text)
        let policy = try SignInPolicy.preset(asked.one("policy", Read.text))
        let (born, today) = (try asked.maybe("born", Read.born), try asked.one("today", Read.date))
        XCTAssertEqual(
            try policy.passwordEnds(born: born, today: today), try asked.maybe("ends", Read.date), name)
        XCTAssertEqual(
            try policy.passwordNotice(born: born, today: today), try asked.maybe("notice", Read.date), name)
    }

    private func decision(_ asked: Fields) throws {
        let name = try asked.one("name", Read.text)
        let policy = try SignInPolicy.preset(asked.one("policy", Read.text))
        let (attempt, at) = (try asked.one("attempt", Read.attempt), try asked.one("at", Read.at))
        let (admission, words) = try asked.one("admission", Read.admission)
        let admitted = try policy.admit(attempt: attempt, at: at)
        XCTAssertEqual(admitted, admission, name)
        if case let .refused(refusal) = admitted {
            // As in a school, who is refused at the door is not looked up.
            return XCTAssertEqual(try refusalInWords(refusal: refusal), words, name)
        }
        let (verdict, itsWords) = try asked.one("decision", Read.verdict)
        let judged = try policy.decide(facts: asked.one("facts", Read.facts), attempt: attempt, at: at)
        XCTAssertEqual(judged, verdict, name)
        if case let .refused(refusal) = judged {
            XCTAssertEqual(try refusalInWords(refusal: refusal), itsWords, name)
        }
    }

    private func diary(_ asked: Fields) throws {
        let slice = try asked.one("slice") { try decodeSlice(json: Read.json($0)) }
        let range = try asked.one("range") { json in
            try Read.whole(json) {
                try DateRange.of(from: $0.one("from", Read.date), to: $0.one("to", Read.date))
            }
        }
        let expected = try asked.one("diary") { $0 }
        let composed = try compose(slice: slice, range: range)
        XCTAssertEqual(composed, try decodeDiary(json: Read.json(expected)))
        let told = try JSONSerialization.jsonObject(with: Data(encodeDiary(diary: composed).utf8))
        XCTAssertEqual(try Read.json(told), try Read.json(expected))
    }

    private func term(_ asked: Fields) throws {
        let expected = try asked.one("summary") { try decodeTerm(json: Read.json($0)) }
        XCTAssertEqual(try summarised(asked), expected)
    }

    private func summarised(_ asked: Fields) throws -> TermSummary {
        let slice = try asked.one("slice") { try decodeTermSlice(json: Read.json($0)) }
        let term = try asked.one("term") { try decodeTerms(json: "[\(Read.json($0))]")[0] }
        return try summarise(slice: slice, term: term)
    }

    private func summary(of term: Any) throws -> TermSummary {
        try Read.whole(term) { asked in
            _ = try asked.one("summary") { $0 }
            return try summarised(asked)
        }
    }

    private func whatIfs(_ asked: Fields, _ summary: TermSummary) throws {
        let name = try asked.one("subject", Read.text)
        let subject = try XCTUnwrap(summary.subjects.first { $0.subject == name })
        let given = try asked.list("given") { json in
            try Read.whole(json) {
                Given(
                    value: try parseMark(text: $0.one("value", Read.text)),
                    weight: try Weight.parse($0.one("weight", Read.text)))
            }
        }
        let mean = try whatIf(subject: subject, given: given)
        XCTAssertEqual(mean.map { "\($0)" }, try asked.maybe("mean", Read.text), "\(name) \(given)")
    }
}
