import Eschool
import Foundation

private let weekdays = [
    "Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье",
]
private let months = [
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
]

/// A diary's week, as it is read.
func lines(of diary: Diary) -> [String] {
    diary.days.enumerated().flatMap { at, day -> [String] in
        let title = "\(weekdays[at % weekdays.count]), \(day.date.day ?? 0) \(months[(day.date.month ?? 1) - 1])"
        let name = day.name.map { " – \($0)" } ?? ""
        if day.entries.isEmpty { return ["", title + name, "  уроков нет"] }
        return ["", title + name] + day.entries.flatMap(lines)
    }
}

private func lines(of entry: DiaryEntry) -> [String] {
    let hours = [entry.begins, entry.ends].compactMap { $0 }.map(hour).joined(separator: "–")
    let marks = entry.marks.map { "\($0.value)" }
        + (entry.attendance.map { [$0.code] } ?? [])
    let said = entry.cancelled ? "урока не будет" : marks.joined(separator: " ")
    let head = "\(entry.number)  \(padded(hours, 11))  \(padded(entry.subject, 24))  \(said)"
    var lines = [head]
    if let topic = entry.topic, !topic.isEmpty { lines.append("Тема: \(topic)") }
    for homework in [entry.homework].compactMap({ $0 }) + entry.individualHomework {
        let due = homework.due.map { " на \($0.day ?? 0) \(months[($0.month ?? 1) - 1])" } ?? ""
        lines.append("Задано\(due): \(homework.text)")
    }
    lines += entry.remarks.map { "Замечание: \($0.text)" }
    return lines.enumerated().map { at, line in (at == 0 ? "  " : "     ") + trimmed(line) }
}

/// The subjects of a term: the mean, and what one more five of the latest work's weight makes of it.
func lines(of term: TermSummary) throws -> [String] {
    let five = try parseMark(text: "5")
    var rows = [["Предмет", "Средний балл", "Ещё одна пятёрка"]]
    for subject in term.subjects {
        let weight = try worksMet(subject: subject).first?.weight ?? Weight.parse("1")
        let better = try whatIf(subject: subject, given: [Given(value: five, weight: weight)])
        let kinds = [subject.mean, better].map { $0.map { "\($0)" } ?? "–" }
        rows.append([subject.subject] + kinds)
    }
    let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
    let table = rows.map { row in
        let cells = row.enumerated().map { at, cell in
            at == 0 ? padded(cell, widths[at]) : padded(cell, widths[at], toTheRight: true)
        }
        return cells.joined(separator: "  ")
    }
    return ["", "\(term.term.name), \(term.term.grade) класс"] + table
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
