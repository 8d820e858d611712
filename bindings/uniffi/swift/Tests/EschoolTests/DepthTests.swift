import Eschool
import Foundation
import XCTest

/// What is wrong is refused at every depth of every argument that can hold it.
final class DepthTests: XCTestCase {
    private let at = At(instant: noon, date: day(2024, 9, 16))
    private let attempt = Attempt.esia(esiaPerson())

    private func decided(_ candidate: Candidate, lockedUntil: Date? = nil) throws -> Verdict {
        let found = Facts(
            lockedUntil: lockedUntil, password: nil, candidates: [pupil, candidate], phoneIsShared: false,
            keptApart: [], contacts: [])
        return try SignInPolicy.preset("ryazan_2022").decide(facts: found, attempt: attempt, at: at)
    }

    private func decided(_ pupil: PupilFacts) throws -> Verdict {
        try decided(Candidate(account: account, pupil: pupil, parent: nil, staff: nil))
    }

    private func decided(from: NaiveDate? = nil, until: NaiveDate? = nil, left: NaiveDate? = nil) throws -> Verdict {
        let bond = Guardianship(
            parent: account.id, child: account.id, kinship: .mother, legalRepresentative: nil, from: from,
            until: until, barred: false)
        let child = ChildFacts(guardianship: bond, birthDate: nil, until: left)
        return try decided(
            Candidate(account: account, pupil: nil, parent: ParentFacts(children: [child]), staff: nil))
    }

    func testDatesOfASignIn() throws {
        let policy = try SignInPolicy.preset("ryazan_2022")
        let rules = try policy.rules(on: day(2024, 9, 1))
        let card = try decodeCard(json: cardJson)
        func consent(from: NaiveDate, until: NaiveDate? = nil, revoked: NaiveDate? = nil) -> PupilFacts {
            let one = Consent(
                giver: account.id, pupil: account.id, purpose: .schoolPortfolio, from: from, until: until,
                revoked: revoked)
            return PupilFacts(until: nil, consents: [one])
        }
        let places: [(NaiveDate) throws -> Any] = [
            { try policy.admit(attempt: self.attempt, at: At(instant: noon, date: $0)) },
            { try policy.decide(facts: facts([pupil]), attempt: self.attempt, at: At(instant: noon, date: $0)) },
            { try self.decided(PupilFacts(until: $0, consents: [])) },
            { try self.decided(consent(from: $0)) },
            { try self.decided(consent(from: day(2024, 9, 1), until: $0)) },
            { try self.decided(consent(from: day(2024, 9, 1), revoked: $0)) },
            { try self.decided(from: $0) },
            { try self.decided(until: $0) },
            { try self.decided(left: $0) },
            {
                let staff = StaffFacts(classTeacherOf: [], duties: [], until: $0)
                return try self.decided(Candidate(account: account, pupil: nil, parent: nil, staff: staff))
            },
            { try SignInPolicy.of(name: "наш", first: rules, later: [DatedRules(from: $0, rules: rules)]) },
            { try policy.passwordNotice(born: nil, today: $0) as Any },
            { try policy.cardRefusal(born: born, today: $0) as Any },
            { try cardText(card: with(card, registered: $0)) },
            { try cardText(card: with(card, printed: $0)) },
        ]
        for (at, place) in places.enumerated() {
            XCTAssertNil(code { try place(day(2025, 9, 1)) }, "\(at)")
            for date in noDates { XCTAssertEqual(code { try place(date) }, "date_invalid", "\(date) at \(at)") }
        }
    }

    func testDatesOfAJournal() throws {
        let slice = try decodeSlice(json: sliceJson)
        let (lesson, mark, stay) = (slice.lessons[0], slice.marks[0], slice.stays[0])
        func homework(_ due: NaiveDate) -> Homework { Homework(text: "", due: due, materials: []) }
        let places: [(NaiveDate) -> DiarySlice] = [
            { with(slice, stays: [Stay(pupil: stay.pupil, class: stay.class, from: $0, to: nil)]) },
            { with(slice, stays: [Stay(pupil: stay.pupil, class: stay.class, from: stay.from, to: $0)]) },
            {
                with(slice, subgroups: [SubgroupMembership(
                    pupil: stay.pupil, class: stay.class, subject: nil, subgroup: "1", from: $0, to: nil)])
            },
            {
                with(slice, subgroups: [SubgroupMembership(
                    pupil: stay.pupil, class: stay.class, subject: nil, subgroup: "1", from: stay.from, to: $0)])
            },
            { with(slice, journalEnds: [JournalEnd(class: stay.class, date: $0)]) },
            { with(slice, lessons: [with(lesson, date: $0)]) },
            { with(slice, lessons: [with(lesson, homework: homework($0))]) },
            {
                with(slice, upcoming: [UpcomingLesson(
                    class: stay.class, subgroup: nil, subject: "Физика", insteadOf: nil, date: $0)])
            },
            { with(slice, marks: [with(mark, date: $0)]) },
            {
                with(slice, attendance: [Attendance(
                    pupil: stay.pupil, lesson: lesson.id, date: $0, code: "Б", class: .ill)])
            },
            {
                with(slice, individualHomework: [IndividualHomework(
                    lesson: lesson.id, pupil: stay.pupil, homework: homework($0))])
            },
        ]
        let term = try decodeTerms(json: "[\(termJson)]")[0]
        let grading = try Grading.plain()
        for (at, place) in places.enumerated() {
            XCTAssertNil(code { try compose(slice: place(day(2024, 9, 16)), range: week()) }, "\(at)")
            for date in noDates {
                let bad = place(date)
                let whole = TermSlice(diary: bad, finals: [], grading: grading)
                XCTAssertEqual(code { try compose(slice: bad, range: week()) }, "date_invalid", "\(at)")
                XCTAssertEqual(code { try summarise(slice: whole, term: term) }, "date_invalid", "\(at)")
            }
        }
    }

    func testDatesAndTimesOfADiary() throws {
        let good = try diary()
        let entry = try XCTUnwrap(good.days.first?.entries.first)
        let mark = try XCTUnwrap(entry.marks.first)
        let calls: [(Diary) throws -> Any] = [
            { try encodeDiary(diary: $0) }, { try absences(diary: $0) },
            { try changes(before: $0, after: good) }, { try changes(before: good, after: $0) },
        ]
        func expect(_ expected: String, _ bad: Diary, line: UInt = #line) {
            for call in calls { XCTAssertEqual(code { try call(bad) }, expected, line: line) }
        }
        for call in calls { XCTAssertNil(code { try call(with(good, entry)) }) }
        for date in noDates {
            expect("date_invalid", with(good, entry, date: date))
            let due = DiaryHomework(text: "", due: date, materials: [])
            expect("date_invalid", with(good, with(entry, homework: due)))
            let closed = DebtClosing(mark: mark.id, date: date, value: .debt)
            expect("date_invalid", with(good, with(entry, marks: [with(mark, closedBy: closed)])))
            let told = Change.dayChanged(
                date: date, old: DayFacts(kind: .ordinary, name: nil), new: DayFacts(kind: .holiday, name: nil))
            XCTAssertEqual(code { try changeInWords(change: told) }, "date_invalid")
        }
        for time in noTimes { expect("time_invalid", with(good, with(entry, begins: time))) }
        for value in noMarks {
            expect("mark_malformed", with(good, with(entry, marks: [with(mark, value: value)])))
        }
    }

    func testInstants() throws {
        let slice = try decodeSlice(json: sliceJson)
        let refusal = try decodeRefusal(json: "{\"code\":\"locked_until\",\"next\":[]}")
        let places: [(Date) throws -> Any] = [
            { try self.decided(pupil, lockedUntil: $0) },
            { try compose(slice: with(slice, marks: [with(slice.marks[0], writtenAt: $0)]), range: week()) },
            { try compose(slice: with(slice, lessons: [with(slice.lessons[0], writtenAt: $0)]), range: week()) },
            {
                try refusalInWords(refusal: Refusal(
                    code: refusal.code, next: [], until: $0, threshold: nil, details: refusal.details, case: nil))
            },
        ]
        for (at, place) in places.enumerated() {
            XCTAssertNil(code { try place(noon) }, "\(at)")
            for instant in noInstants {
                XCTAssertEqual(code { try place(instant) }, "instant_invalid", "\(instant) at \(at)")
            }
        }
    }

    func testMarks() throws {
        let slice = try decodeSlice(json: sliceJson)
        let physics = try subject()
        let one = try Weight.parse("1")
        let term = try decodeTerms(json: "[\(termJson)]")[0]
        let grading = try Grading.plain()
        let places: [(MarkValue) throws -> Any] = [
            { try whatIf(subject: physics, given: [Given(value: $0, weight: one)]) as Any },
            { try compose(slice: with(slice, marks: [with(slice.marks[0], value: $0)]), range: week()) },
            {
                let final = FinalMark(
                    pupil: slice.pupil, subject: "Физика", kind: .term, term: "1 четверть", year: 2024, value: $0)
                let whole = TermSlice(diary: slice, finals: [final], grading: grading)
                return try summarise(slice: whole, term: term)
            },
        ]
        for (at, place) in places.enumerated() {
            XCTAssertNil(code { try place(.points(5, .minus)) }, "\(at)")
            for value in noMarks { XCTAssertEqual(code { try place(value) }, "mark_malformed", "\(at)") }
        }
    }
}

private let noMarks: [MarkValue] = [.points(0, nil), .points(6, .plus), .points(.max, .minus)]

private func with(
    _ card: RegistrationCard, registered: NaiveDate? = nil, printed: NaiveDate? = nil
) -> RegistrationCard {
    RegistrationCard(
        system: card.system, school: card.school, founder: card.founder, municipality: card.municipality,
        class: card.class, name: card.name, login: card.login, password: card.password, rights: card.rights,
        registered: registered ?? card.registered, access: card.access, support: card.support,
        responsible: card.responsible, printed: printed ?? card.printed, handedOut: card.handedOut)
}

private func with(
    _ mark: Mark, date: NaiveDate? = nil, value: MarkValue? = nil, writtenAt: Date? = nil
) -> Mark {
    Mark(
        id: mark.id, pupil: mark.pupil, lesson: mark.lesson, date: date ?? mark.date, work: mark.work,
        value: value ?? mark.value, comment: mark.comment, writtenAt: writtenAt ?? mark.writtenAt)
}

private func with(_ mark: DiaryMark, value: MarkValue? = nil, closedBy: DebtClosing? = nil) -> DiaryMark {
    DiaryMark(
        id: mark.id, value: value ?? mark.value, work: mark.work, title: mark.title, weight: mark.weight,
        comment: mark.comment, closedBy: closedBy ?? mark.closedBy)
}

private func with(
    _ entry: DiaryEntry, begins: NaiveTime? = nil, homework: DiaryHomework? = nil, marks: [DiaryMark]? = nil
) -> DiaryEntry {
    DiaryEntry(
        lesson: entry.lesson, number: entry.number, begins: begins ?? entry.begins, ends: entry.ends,
        subject: entry.subject, teacher: entry.teacher, room: entry.room, planned: entry.planned,
        insteadOf: entry.insteadOf, cancelled: entry.cancelled, distant: entry.distant, filled: entry.filled,
        topic: entry.topic, homework: homework ?? entry.homework, individualHomework: entry.individualHomework,
        marks: marks ?? entry.marks, attendance: entry.attendance, remarks: entry.remarks)
}

/// The diary with one entry on its first day.
private func with(_ diary: Diary, _ entry: DiaryEntry, date: NaiveDate? = nil) -> Diary {
    let first = diary.days[0]
    let day = DiaryDay(date: date ?? first.date, kind: first.kind, name: first.name, entries: [entry])
    return Diary(pupil: diary.pupil, range: diary.range, days: [day] + diary.days.dropFirst())
}
