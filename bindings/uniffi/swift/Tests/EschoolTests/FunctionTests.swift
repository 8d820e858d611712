import Eschool
import Foundation
import XCTest

/// Every function that the library exports, called for what it answers.
final class FunctionTests: XCTestCase {
    func testIdentity() throws {
        XCTAssertEqual(try parseSnils(text: "11223344595"), snils)
        XCTAssertEqual(try parsePhone(text: "8 912 345-67-89"), phone)
        XCTAssertEqual(try parseEmail(text: "uljana@example.org"), email)
        XCTAssertEqual(try parseLogin(text: " PR7_Uljana"), login)
        let same = try fullName(family: "ТАЙНОВА", given: "ульяна", patronymic: "Никоновна")
        XCTAssertNotEqual(same, herName)
        XCTAssert(try fullNamesMatch(one: same, other: herName))
        XCTAssert(try same.matches(herName))
        XCTAssertEqual(try foldedName(text: "Ёлкина  АННА"), try foldedName(text: "Елкина Анна"))
        XCTAssertEqual(try parseDate(text: "31.12.2024"), day(2024, 12, 31))
        XCTAssertEqual(try parseBirthDate(text: "2010-08-31"), born)
        XCTAssertEqual(try birthDate(date: day(2010, 8, 31)), born)
        XCTAssertEqual(try birthDateOfSomebodyOn(born: born, today: day(2024, 9, 1)), born)
        let age = AgeSpan(years: 14, months: 6)
        XCTAssertEqual(try ageReachedOn(age: age, born: born), day(2025, 2, 28))
        XCTAssertEqual(try born.reaches(age), day(2025, 2, 28))
        XCTAssertThrowsError(try refuseText())
        XCTAssertLessThan(try BirthDate.parse("01.01.2009"), born)
    }

    func testJournal() throws {
        let range = try dateRange(from: day(2024, 9, 16), to: day(2024, 9, 22))
        XCTAssertEqual(try weekOf(day: day(2024, 9, 18)), range)
        XCTAssertEqual("\(range)", "2024-09-16...2024-09-22")
        XCTAssertEqual(Array(range.days).first, day(2024, 9, 16))
        XCTAssertEqual(Array(range.days).count, 7)
        XCTAssert(range.contains(range.to))
        XCTAssertFalse(range.contains(day(2024, 9, 23)))
        XCTAssertEqual(try parseMark(text: "4-"), .points(4, .minus))
        XCTAssertEqual("\(try parseMark(text: "зачёт"))", "зачёт")
        let heavy = try weight(hundredths: 150)
        XCTAssertEqual(try parseWeight(text: "1,5"), heavy)
        XCTAssertEqual(try weightShown(weight: heavy), "1.5")
        XCTAssertEqual("\(heavy)", "1.5")
        let middling = try mean(sum: 17, weights: 4)
        XCTAssertEqual(try meanShown(mean: middling), "4.25")
        XCTAssertEqual("\(middling)", "4.25")
        XCTAssertEqual([middling.sum, middling.weights], [17, 4])
        let plain = try plainGrading()
        XCTAssertEqual(try proposedFinal(grading: plain, mean: middling), 4)
        XCTAssertEqual(try gradingWithSign(grading: plain, hundredths: 30).sign, 30)
        let stern = try gradingWithThreshold(grading: plain, points: 5, hundredths: 470)
        XCTAssertEqual(stern.thresholds.last, 470)
        XCTAssertEqual(try stern.proposed(Mean.of(sum: 46, weights: 10)), 4)
        XCTAssertNotEqual(try gradingWithFavour(grading: plain, inFavour: !plain.isInFavour), plain)
        XCTAssertEqual(try parseCaseCode(text: "7q4k2m").formatted, "7Q4-K2M")
    }

    func testPolicy() throws {
        XCTAssertEqual(try policyPresets(), ["ryazan_2022", "udmurtia_2023", "ryazan_2024"])
        let policy = try policyPreset(name: "ryazan_2022")
        XCTAssertEqual(try policyName(policy: policy), policy.name)
        XCTAssertEqual("\(policy)", "SignInPolicy(\(policy.name))")
        XCTAssertEqual(try parsePolicy(json: policy.json), policy)
        let rules = try rulesOn(policy: policy, day: day(2024, 9, 1))
        XCTAssertEqual(rules.threshold, AgeSpan(years: 14, months: 6))
        let later = DatedRules(
            from: day(2025, 9, 1), rules: with(rules, threshold: AgeSpan(years: 14, months: 0)))
        let ours = try signInPolicy(name: "наш", first: rules, later: [later])
        XCTAssertEqual(try ours.rules(on: day(2025, 9, 1)).threshold, AgeSpan(years: 14, months: 0))
        XCTAssertEqual(try ours.rules(on: day(2025, 8, 31)), rules)
        XCTAssert(try policyInWords(policy: ours).contains { $0.textRu.contains("14") })
        let ends = try passwordEnds(policy: policy, born: born, today: day(2024, 12, 1))
        XCTAssertEqual(ends, day(2025, 2, 28))
        XCTAssertNil(try passwordNotice(policy: policy, born: born, today: day(2023, 12, 1)))
        XCTAssertEqual(try passwordNotice(policy: policy, born: born, today: day(2025, 2, 27)), ends)
    }

    func testSigningIn() throws {
        let policy = try SignInPolicy.preset("ryazan_2022")
        let attempt = Attempt.esia(esiaPerson())
        let at = At(instant: noon, date: day(2024, 9, 16))
        let keys = try admit(policy: policy, attempt: attempt, at: at)
        guard case .admitted(.esia(snils, _)) = keys else { return XCTFail("\(keys)") }
        let verdict = try decide(policy: policy, facts: facts([pupil]), attempt: attempt, at: at)
        guard case let .granted(grant) = verdict else { return XCTFail("\(verdict)") }
        XCTAssertEqual(grant.person, account.person)
        let refused = try policy.decide(facts: facts([]), attempt: attempt, at: at)
        guard case let .refused(refusal) = refused else { return XCTFail("\(refused)") }
        XCTAssertEqual(refusal.code, .notFound)
        let words = try refusalInWords(refusal: refusal)
        XCTAssertFalse(words.textRu.isEmpty)
        XCTAssertEqual(words.next.map(\.step), refusal.next)
        XCTAssert(try refusalCodes().contains(.notFound))
        XCTAssertEqual(try decodeRefusal(json: "{\"code\":\"not_found\",\"next\":[]}").code, .notFound)
    }

    func testCards() throws {
        XCTAssertEqual(try transliterate(text: "Щукин").lowercased(), "shhukin")
        let logins = try loginCandidates(prefix: "pr7", name: herName, count: 3)
        XCTAssertEqual(logins.count, 3)
        XCTAssert(logins.allSatisfy { $0.text.hasPrefix("pr7") })
        XCTAssertEqual(try passwordFrom(random: Data(0..<8)).count, 8)
        XCTAssertNoThrow(try checkNewPassword(password: "кот-и-пёс-42", login: login, former: "25ens2dh"))
        let policy = try SignInPolicy.preset("ryazan_2022")
        XCTAssertNil(try cardRefusal(policy: policy, born: born, today: day(2024, 9, 1)))
        XCTAssertEqual(try policy.cardRefusal(born: born, today: day(2025, 3, 1))?.code, .useEsia)
        let card = try decodeCard(json: cardJson)
        XCTAssert(try cardText(card: card).contains("pr7_uljana"))
        XCTAssertEqual(card.login, login)
        XCTAssertEqual(card.name, herName)
    }

    func testDiaries() throws {
        let after = try diary()
        XCTAssertEqual(after.days.count, 7)
        XCTAssertEqual(after.days.first?.entries.first?.marks.first?.value, .points(4, .minus))
        XCTAssertEqual(
            after.days.first?.entries.first?.begins,
            DateComponents(hour: 8, minute: 30, second: 0, nanosecond: 0))
        XCTAssertEqual(try decodeDiary(json: encodeDiary(diary: after)), after)
        let changed = try changes(before: diaryBefore(), after: after)
        XCTAssertEqual(changed.count, 1)
        XCTAssert(try changeInWords(change: changed[0]).textRu.contains("4-"))
        XCTAssertGreaterThan(try absences(diary: after).all.held, 0)
        XCTAssertEqual(try decodeEvents(json: "[]"), [])
    }

    func testTerms() throws {
        let slice = try decodeTermSlice(json: termSliceJson)
        let term = try XCTUnwrap(decodeTerms(json: "[\(termJson)]").first)
        let summary = try summarise(slice: slice, term: term)
        let physics = try XCTUnwrap(summary.subjects.first)
        XCTAssertEqual(physics.mean.map { "\($0)" }, "4.00")
        let five = Given(value: try parseMark(text: "5"), weight: try Weight.parse("1.5"))
        XCTAssertEqual(try whatIf(subject: physics, given: [five]).map { "\($0)" }, "4.50")
        let works = try worksMet(subject: physics)
        XCTAssertEqual(works.map(\.kind), ["Контрольная работа"])
        let ways = try waysTo(subject: physics, target: 450, works: works)
        XCTAssertEqual(ways.verdict, .reachable)
        XCTAssertEqual(ways.ways.first?.textRu, "ещё одна пятёрка за контрольную")
        XCTAssertFalse(ways.textRu.isEmpty || ways.textEn.isEmpty)
        XCTAssertEqual(code { try decodeTerm(json: "[]") }, "json_malformed")
    }

    func testEveryFunctionIsCalled() throws {
        let functions = try matches(
            of: #"^public func (\w+)\("#, in: sources(of: "Sources/Eschool/Generated"))
        XCTAssertGreaterThan(functions.count, 50)
        // By its own name: neither as a method nor as a part of a longer name.
        let tests = try ["", "/Support"].map { try sources(of: "Tests/EschoolTests" + $0) }.joined()
        let called = try matches(of: #"(?<!func )(?<![.\w])(\w+)\("#, in: tests)
        XCTAssertEqual(functions.subtracting(called), [])
    }
}
