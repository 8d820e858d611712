import Eschool
import Foundation
import XCTest

/// The questions that every side is asked, with their answers: the file that `ESCHOOL_VECTORS` names.
final class VectorTests: XCTestCase {
    private typealias Vector = [String: Any]

    func testEveryGroup() throws {
        guard let path = ProcessInfo.processInfo.environment["ESCHOOL_VECTORS"] else {
            throw XCTSkip("ESCHOOL_VECTORS names no file of vectors")
        }
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let file = try XCTUnwrap(JSONSerialization.jsonObject(with: data) as? Vector)
        let groups: [(String, (Any) throws -> Int)] = [
            ("snils", { try self.each($0, self.snils) }),
            ("phones", { try self.each($0, self.phone) }),
            ("ages", { try self.each($0, self.age) }),
            ("decisions", { try self.each($0, self.decision) }),
            ("diary", diary),
            ("whatIf", { try self.whatIfs($0, of: XCTUnwrap(file["term"] as? Vector)) }),
        ]
        for (name, ask) in groups {
            let group = try XCTUnwrap(file[name], "the vectors have no group \(name)")
            let asked = try ask(group)
            XCTAssertGreaterThan(asked, 0, name)
            print("vectors: \(name) \(asked)")
        }
    }

    private func each(_ group: Any, _ ask: (Vector) throws -> Void) throws -> Int {
        let vectors = try XCTUnwrap(group as? [Vector])
        for vector in vectors {
            do {
                try ask(vector)
            } catch {
                XCTFail("\(error) of \(vector)")
            }
        }
        return vectors.count
    }

    private func snils(_ vector: Vector) throws {
        let text = try XCTUnwrap(vector["text"] as? String)
        let refused = code { try Snils.parse(text) }
        XCTAssertEqual(refused, vector["code"] as? String, text)
        XCTAssertEqual(try? Snils.parse(text).formatted, vector["formatted"] as? String, text)
    }

    private func phone(_ vector: Vector) throws {
        let text = try XCTUnwrap(vector["text"] as? String)
        let refused = code { try MobilePhone.parse(text) }
        XCTAssertEqual(refused, vector["code"] as? String, text)
        XCTAssertEqual(try? MobilePhone.parse(text).e164, vector["e164"] as? String, text)
    }

    private func age(_ vector: Vector) throws {
        let age = AgeSpan(
            years: try XCTUnwrap((vector["years"] as? NSNumber)?.uint8Value),
            months: try XCTUnwrap((vector["months"] as? NSNumber)?.uint8Value))
        let born = try BirthDate.parse(XCTUnwrap(vector["born"] as? String))
        XCTAssertEqual(try born.reaches(age), try date(vector["reached"]), "\(vector)")
    }

    private func decision(_ vector: Vector) throws {
        let policy = try SignInPolicy.preset(XCTUnwrap(vector["policy"] as? String))
        let text = try XCTUnwrap(vector["instant"] as? String)
        let instant = try XCTUnwrap(ISO8601DateFormatter().date(from: text))
        let at = At(instant: instant, date: try XCTUnwrap(date(vector["date"])))
        let born = try (vector["born"] as? String).map(BirthDate.parse)
        let attempt: Attempt
        switch try XCTUnwrap(vector["attempt"] as? String) {
        case "password": attempt = .password(PasswordAttempt(login: login.text))
        default: attempt = .esia(person(assurance(vector["assurance"]), born: born))
        }
        let found = facts(
            candidate(vector["role"] as? String, born: born).map { [$0] } ?? [],
            password: (vector["password"] as? String).map { $0 == "right" ? .right : .wrong })
        let answer = try answered(policy, found, attempt, at)
        XCTAssertEqual(answer.code, vector["answer"] as? String, "\(vector)")
        XCTAssertEqual(answer.grant?.passwordEnds, try date(vector["passwordEnds"]), "\(vector)")
        XCTAssertEqual(answer.grant?.validUntil, try date(vector["validUntil"]), "\(vector)")
        if let textRu = vector["textRu"] as? String {
            XCTAssertEqual(answer.textRu, textRu)
        }
    }

    private func answered(
        _ policy: SignInPolicy, _ facts: Facts, _ attempt: Attempt, _ at: At
    ) throws -> (code: String, grant: Grant?, textRu: String?) {
        func told(_ refusal: Refusal) throws -> (String, Grant?, String?) {
            ("\(refusal.code)", nil, try refusalInWords(refusal: refusal).textRu)
        }
        if case let .refused(refusal) = try policy.admit(attempt: attempt, at: at) {
            return try told(refusal)
        }
        switch try policy.decide(facts: facts, attempt: attempt, at: at) {
        case let .granted(grant): return ("granted", grant, nil)
        case let .refused(refusal): return try told(refusal)
        }
    }

    private func person(_ assurance: Assurance, born: BirthDate?) -> EsiaPerson {
        let whole = esiaPerson(assurance)
        return EsiaPerson(
            oid: whole.oid, assurance: assurance, name: whole.name, birthDate: born, snils: whole.snils,
            verifiedPhone: whole.verifiedPhone, verifiedEmail: whole.verifiedEmail, children: [])
    }

    private func candidate(_ role: String?, born: BirthDate?) -> Candidate? {
        let known = Account(
            id: account.id, school: account.school, person: account.person, name: account.name, birthDate: born,
            snils: account.snils, phone: account.phone, email: account.email)
        switch role {
        case "pupil":
            return Candidate(
                account: known, pupil: PupilFacts(until: nil, consents: []), parent: nil, staff: nil)
        case "parent":
            let bond = Guardianship(
                parent: known.id, child: UUID(), kinship: .mother, legalRepresentative: nil, from: nil,
                until: nil, barred: false)
            let child = ChildFacts(
                guardianship: bond, birthDate: try? BirthDate.parse("02.06.2017"), until: nil)
            return Candidate(
                account: known, pupil: nil, parent: ParentFacts(children: [child]), staff: nil)
        default:
            return nil
        }
    }

    private func assurance(_ word: Any?) -> Assurance {
        switch word as? String {
        case "unconfirmed": return .unconfirmed
        case "child": return .child
        default: return .confirmed
        }
    }

    private func diary(_ group: Any) throws -> Int {
        let vector = try XCTUnwrap(group as? Vector)
        let range = try XCTUnwrap(vector["range"] as? Vector)
        let days = try DateRange.of(from: XCTUnwrap(date(range["from"])), to: XCTUnwrap(date(range["to"])))
        let composed = try compose(slice: decodeSlice(json: json(vector["slice"])), range: days)
        XCTAssertEqual(composed, try decodeDiary(json: json(vector["diary"])))
        return composed.days.count
    }

    private func whatIfs(_ group: Any, of term: Vector) throws -> Int {
        let slice = try decodeTermSlice(json: json(term["slice"]))
        let terms = try decodeTerms(json: "[\(json(term["term"]))]")
        let summary = try summarise(slice: slice, term: terms[0])
        XCTAssertEqual(summary, try decodeTerm(json: json(term["summary"])))
        return try each(group) { vector in
            let subject = try XCTUnwrap(summary.subjects.first { $0.subject == vector["subject"] as? String })
            let given = try XCTUnwrap(vector["given"] as? [[String: String]]).map {
                Given(
                    value: try parseMark(text: $0["value"] ?? ""), weight: try Weight.parse($0["weight"] ?? ""))
            }
            let mean = try whatIf(subject: subject, given: given)
            XCTAssertEqual(mean.map { "\($0)" }, vector["mean"] as? String, "\(vector)")
        }
    }

    private func date(_ text: Any?) throws -> NaiveDate? {
        try (text as? String).map { try parseDate(text: $0) }
    }

    private func json(_ value: Any?) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: XCTUnwrap(value))
        return try XCTUnwrap(String(data: data, encoding: .utf8))
    }
}
