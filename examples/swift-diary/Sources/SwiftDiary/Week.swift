import Eschool
import Foundation

private let weekdays = [
    "Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье",
]
private let months = [
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
]

/// A text that a terminal shows and does not obey: what a journal holds is anybody's, an escape sequence too.
func plain(_ text: String) -> String {
    let shown = text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }
    return String(String.UnicodeScalarView(shown))
}

func say(_ text: String) {
    print(plain(text))
}

/// A diary's week, as it is read.
func lines(of diary: Diary) -> [String] {
    let title = "Неделя с \(named(diary.range.from)) по \(named(diary.range.to))"
    return [title] + diary.days.enumerated().flatMap { at, day -> [String] in
        let name = day.name.map { " – \($0)" } ?? ""
        let head = "\(weekdays[at % weekdays.count]), \(named(day.date))\(name)"
        return ["", head] + (day.entries.isEmpty ? ["     \(rest(day.kind))"] : day.entries.flatMap(lines))
    }
}

private func rest(_ kind: DayKind) -> String {
    switch kind {
    case .weekend: return "Выходной"
    case .vacation: return "Каникулы"
    case .holiday: return "Праздник"
    default: return "Уроков нет"
    }
}

private func lines(of entry: DiaryEntry) -> [String] {
    let hours = [entry.begins, entry.ends].compactMap { $0 }.map(hour).joined(separator: "–")
    let notes = [
        entry.cancelled ? "отменён" : nil,
        entry.planned ? "по расписанию" : nil,
        entry.distant ? "дистанционно" : nil,
        entry.insteadOf.map { "вместо: \($0)" },
    ].compactMap { $0 }
    let subject = entry.subject + (notes.isEmpty ? "" : " (\(notes.joined(separator: ", ")))")
    let room = entry.room.isEmpty ? "" : "каб. \(entry.room)"
    let number = padded("\(entry.number)", 3, toTheRight: true)
    let head = trimmed("\(number). \(padded(hours, 11))  \(padded(subject, 32)) \(room)")

    var told: [(String, String)] = []
    entry.topic.map { told.append(("Тема", $0)) }
    entry.homework.map { told.append(("Задано", text(of: $0))) }
    told += entry.individualHomework.map { ("Задано лично", text(of: $0)) }
    told += entry.marks.map { ("Отметка", text(of: $0)) }
    entry.attendance.map { told.append(("Посещаемость", $0.code)) }
    told += entry.remarks.map { ("Замечание", $0.text) }
    let under = String(repeating: " ", count: 18)
    return [head] + told.flatMap { what, text in
        "\(what): \(text)".components(separatedBy: "\n").map { under + $0 }
    }
}

private func text(of homework: DiaryHomework) -> String {
    homework.text + (homework.due.map { " (к \(named($0)))" } ?? "")
}

private func text(of mark: DiaryMark) -> String {
    let value = mark.value == .debt ? "долг" : "\(mark.value)"
    let work = mark.title.isEmpty ? mark.work : mark.title
    return "\(value) – \(work)" + (mark.comment.map { " (\($0))" } ?? "")
}

/// The subjects of a term: the mean, and what one more five of the latest work's weight makes of it.
func lines(of term: TermSummary) throws -> [String] {
    let five = try parseMark(text: "5")
    let means = try term.subjects.compactMap { subject -> String? in
        guard let mean = subject.mean else { return nil }
        let weight = try worksMet(subject: subject).last?.weight ?? Weight.parse("1")
        let better = try whatIf(subject: subject, given: [Given(value: five, weight: weight)])
        let after = better.map { "с ещё одной пятёркой – \(shown($0))" } ?? ""
        return trimmed("  \(padded(subject.subject, 32)) \(shown(mean))   \(after)")
    }
    return means.isEmpty ? [] : ["", "Средние баллы, \(term.term.name)"] + means
}

private func shown(_ mean: Mean) -> String {
    "\(mean)".replacingOccurrences(of: ".", with: ",")
}

private func named(_ day: NaiveDate) -> String {
    "\(day.day ?? 0) \(months[(day.month ?? 1) - 1])"
}

private func hour(_ time: NaiveTime) -> String {
    let parts = [time.hour ?? 0, time.minute ?? 0]
    return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
}

private func padded(_ text: String, _ width: Int, toTheRight: Bool = false) -> String {
    let spaces = String(repeating: " ", count: max(0, width - text.count))
    return toTheRight ? spaces + text : text + spaces
}

private func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == " " }.reversed())
}
