import Eschool
import Foundation
import XCTest

/// The code of what a call throws; none if it throws nothing. Whatever is no ``ApiError`` fails the test.
func code<T>(_ call: () throws -> T) -> String? {
    do {
        _ = try call()
        return nil
    } catch let error as ApiError {
        return error.code
    } catch {
        XCTFail("no ApiError: \(error)")
        return "\(error)"
    }
}

/// The folder of this package.
let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../..").standardizedFileURL
/// The root of the repository.
let root = package.appendingPathComponent("../../..").standardizedFileURL

/// What the Swift files of a folder of this package say, comments left out.
func sources(of folder: String) throws -> String {
    let folder = package.appendingPathComponent(folder)
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    let texts = try files.filter { $0.pathExtension == "swift" }.map { try String(contentsOf: $0, encoding: .utf8) }
    let lines = texts.joined(separator: "\n").split(separator: "\n")
    return lines.filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
}

/// The first group of every match of a pattern.
func matches(of pattern: String, in text: String) throws -> Set<String> {
    let found = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
        .matches(in: text, range: NSRange(text.startIndex..., in: text))
    return Set(found.compactMap { Range($0.range(at: 1), in: text).map { String(text[$0]) } })
}

/// A date that is one.
func day(_ year: Int, _ month: Int, _ day: Int) -> NaiveDate {
    DateComponents(year: year, month: month, day: day)
}

/// Dates that are none: parts missing, too great, of another calendar.
let noDates: [NaiveDate] = [
    DateComponents(),
    DateComponents(year: 2024, month: 9),
    day(2024, 2, 30),
    day(2023, 2, 29),
    day(2024, 13, 1),
    day(2024, 0, 1),
    day(2024, 4, 31),
    day(300_000, 1, 1),
    day(.max, 1, 1),
    day(.min, .min, .min),
    DateComponents(calendar: Calendar(identifier: .buddhist), year: 2567, month: 9, day: 2),
]

/// Times that are none.
let noTimes: [NaiveTime] = [
    DateComponents(),
    DateComponents(hour: 8),
    DateComponents(hour: 24, minute: 0),
    DateComponents(hour: -1, minute: 0),
    DateComponents(hour: 8, minute: 60),
    DateComponents(hour: 8, minute: 0, second: 60),
    DateComponents(hour: 8, minute: 0, second: 0, nanosecond: 1_000_000_000),
    DateComponents(hour: .max, minute: .max),
]

/// Instants that are none.
let noInstants: [Date] = [.infinity, -.infinity, .nan, 1e300, -1e300, 9e12, -9e12, 9.1e18]
    .map { Date(timeIntervalSinceReferenceDate: $0) }

/// What people of these tests hide: nothing of it may be printed.
let secrets = ["7Q4", "moon", "Тайнова", "Ульяна", "Никоновна", "112-233-445", "11223344", "+791234567", "9123456", "uljana@",
    "pr7_uljana", "2010", "25ens2dh"]

let snils = try! Snils.parse("112-233-445 95")
let phone = try! MobilePhone.parse("+7(912)3456789")
let email = try! Email.parse("uljana@example.org")
let login = try! Login.parse("pr7_uljana")
let herName = try! FullName.of(family: "Тайнова", given: "Ульяна", patronymic: "Никоновна")
let born = try! BirthDate.parse("31.08.2010")
let noon = Date(timeIntervalSince1970: 1_726_488_000)

// Fixed: a random one may happen to hold what nothing of theirs may show.
private let ids = (1...3).map { UUID(uuidString: "019379ab-0000-7000-8000-00000000050\($0)")! }

let account = Account(
    id: ids[0], school: ids[1], person: ids[2], name: herName, birthDate: born, snils: snils, phone: phone,
    email: email)

/// A person as ЕСИА tells of them.
func esiaPerson(_ assurance: Assurance = .confirmed) -> EsiaPerson {
    EsiaPerson(
        oid: "1000299353", assurance: assurance, name: herName, birthDate: born, snils: snils,
        verifiedPhone: phone, verifiedEmail: email,
        children: [EsiaChild(name: herName, birthDate: born, snils: snils)])
}

/// Facts with this candidate alone.
func facts(_ candidates: [Candidate], password: PasswordCheck? = nil) -> Facts {
    Facts(
        lockedUntil: nil, password: password, candidates: candidates, phoneIsShared: false, keptApart: [],
        contacts: [])
}

let pupil = Candidate(
    account: account, pupil: PupilFacts(until: nil, consents: []), parent: nil, staff: nil)

let cardJson = """
    {"system":"Образование","school":"Школа № 7","founder":"","municipality":"","class":"8А",
    "name":{"family":"Тайнова","given":"Ульяна","patronymic":{"given":"Никоновна"}},
    "login":"pr7_uljana","password":"25ens2dh","rights":"pupil","registered":"2022-08-30",
    "access":{"address":"https://example.org","browsers":"","line":""},
    "support":{"site":"https://help.example.org","contacts":""}}
    """

private let pupilId = "019379ab-0000-7000-8000-000000000001"
private let classId = "019379ab-0000-7000-8000-0000000000c7"
private let lessonId = "019379ab-0000-7000-8000-000000000101"
private let workId = "019379ab-0000-7000-8000-000000000201"

/// A day of a journal: one lesson with a work and a mark, and a day off by a rule of a newer version.
let sliceJson = """
    {"pupil":"\(pupilId)","stays":[{"pupil":"\(pupilId)","class":"\(classId)","from":"2024-09-01"}],
    "calendar":[{"days":{"from":"2024-09-20","to":"2024-09-20"},"rule":{"moon":7},"name":"Луна"}],
    "bells":[{"number":1,"begins":"08:30:00","ends":"09:15:00"}],
    "timetable":[{"class":"\(classId)","weekday":"Fri","number":1,"subject":"Физика","teacher":"","room":""}],
    "journalEnds":[{"class":"\(classId)","date":"2024-09-17"}],
    "lessons":[{"id":"\(lessonId)","class":"\(classId)","date":"2024-09-16","number":1,
    "subject":"Физика","writtenAt":"2024-09-16T12:00:00.123456Z","topic":"Трение","homework":{"text":"§ 5"}}],
    "works":[{"id":"\(workId)","lesson":"\(lessonId)","kind":"Контрольная работа","title":"№ 1","weight":"1.5"}],
    "marks":[{"id":"019379ab-0000-7000-8000-000000000301","pupil":"\(pupilId)","lesson":"\(lessonId)",
    "date":"2024-09-16","work":"\(workId)","value":"4-","writtenAt":"2024-09-16T12:00:00.123456Z"}]}
    """
let termJson = """
    {"grade":7,"name":"1 четверть","kind":"quarter","days":{"from":"2024-09-01","to":"2024-10-27"}}
    """
let termSliceJson = "{\"diary\":\(sliceJson)}"

/// The week of these samples.
func week() throws -> DateRange { try DateRange.week(of: day(2024, 9, 16)) }

/// The diary of that week.
func diary() throws -> Diary { try compose(slice: decodeSlice(json: sliceJson), range: week()) }

/// The same week without the mark.
func diaryBefore() throws -> Diary {
    let slice = try decodeSlice(json: sliceJson)
    return try compose(slice: with(slice, marks: []), range: week())
}

/// The one subject of the term.
func subject() throws -> SubjectSummary {
    let term = try decodeTermSlice(json: termSliceJson)
    let one = try decodeTerms(json: "[\(termJson)]")[0]
    return try XCTUnwrap(summarise(slice: term, term: one).subjects.first)
}

/// A slice with other rows.
func with(
    _ slice: DiarySlice, bells: [Bell]? = nil, lessons: [Lesson]? = nil, marks: [Mark]? = nil,
    stays: [Stay]? = nil, subgroups: [SubgroupMembership]? = nil, journalEnds: [JournalEnd]? = nil,
    upcoming: [UpcomingLesson]? = nil, attendance: [Attendance]? = nil,
    individualHomework: [IndividualHomework]? = nil, remarks: [Remark]? = nil
) -> DiarySlice {
    DiarySlice(
        pupil: slice.pupil, stays: stays ?? slice.stays, subgroups: subgroups ?? slice.subgroups,
        calendar: slice.calendar, bells: bells ?? slice.bells, timetable: slice.timetable,
        journalEnds: journalEnds ?? slice.journalEnds, lessons: lessons ?? slice.lessons,
        upcoming: upcoming ?? slice.upcoming, works: slice.works, marks: marks ?? slice.marks,
        attendance: attendance ?? slice.attendance,
        individualHomework: individualHomework ?? slice.individualHomework, remarks: remarks ?? slice.remarks)
}

/// A lesson with another date, homework or topic, or written at another instant.
func with(
    _ lesson: Lesson, date: NaiveDate? = nil, topic: String? = nil, homework: Homework? = nil,
    writtenAt: Date? = nil
) -> Lesson {
    Lesson(
        id: lesson.id, class: lesson.class, subgroup: lesson.subgroup, date: date ?? lesson.date,
        number: lesson.number, subject: lesson.subject, insteadOf: lesson.insteadOf,
        cancelled: lesson.cancelled, distant: lesson.distant, teacher: lesson.teacher, room: lesson.room,
        topic: topic ?? lesson.topic, homework: homework ?? lesson.homework,
        writtenAt: writtenAt ?? lesson.writtenAt)
}

/// Rules with another threshold, notice or list of keys.
func with(
    _ rules: Rules, threshold: AgeSpan? = nil, noticeDays: UInt16? = nil, matching: [KeyRule]? = nil,
    youngByEsia: YoungByEsia? = nil
) -> Rules {
    Rules(
        threshold: threshold ?? rules.threshold, noticeDays: noticeDays ?? rules.noticeDays,
        methods: rules.methods, youngByEsia: youngByEsia ?? rules.youngByEsia, consent: rules.consent,
        matching: matching ?? rules.matching, accounts: rules.accounts,
        parentsAfter18: rules.parentsAfter18, registryKeeper: rules.registryKeeper, helpers: rules.helpers,
        mandatory: rules.mandatory, lockOut: rules.lockOut, eraseAfterDays: rules.eraseAfterDays,
        keepJournalsYears: rules.keepJournalsYears)
}
