// A diary as lines of a terminal.

import java.time.LocalDate
import java.time.format.DateTimeFormatter
import java.util.Locale
import ru.eschool.core.*

private val RUSSIAN = Locale.forLanguageTag("ru")
private val DAY = DateTimeFormatter.ofPattern("EEEE, d MMMM", RUSSIAN)
private val DUE = DateTimeFormatter.ofPattern("d MMMM", RUSSIAN)
private val TIME = DateTimeFormatter.ofPattern("HH:mm")

/** A subject's mean, and what one more five would make of it. */
class MeanLine(val subject: String, val mean: Mean, val five: Given, val after: Mean?)

/** A five for the work that the subject had last, else for one of weight 1. */
fun fiveFor(works: List<WorkToCome>): Given =
    Given(MarkValue.Points(5u, null), works.lastOrNull()?.weight ?: Weight.of(100u))

/**
 * A text that a terminal shows and does not obey: what a journal holds is anybody's, an escape sequence too.
 */
internal fun plain(text: String): String = text.filterNot { it.isISOControl() && it != '\n' }

private fun say(line: String) = println(plain(line))

/** A week, day by day. */
fun printWeek(diary: Diary, week: DateRange) {
    say("Неделя с ${DUE.format(week.start)} по ${DUE.format(week.endInclusive)}")
    println()
    for (day in diary.days) {
        val name = day.name?.let { " – $it" }.orEmpty()
        say(DAY.format(day.date).replaceFirstChar(Char::uppercase) + name)
        if (day.entries.isEmpty()) say("     ${restOf(day.kind)}")
        day.entries.forEach(::printEntry)
        println()
    }
}

private fun restOf(kind: DayKind): String = when (kind) {
    DayKind.Weekend -> "Выходной"
    DayKind.Vacation -> "Каникулы"
    DayKind.Holiday -> "Праздник"
    else -> "Уроков нет"
}

private fun printEntry(entry: DiaryEntry) {
    val times = listOfNotNull(entry.begins, entry.ends).joinToString("–") { TIME.format(it) }
    val notes = listOfNotNull(
        "отменён".takeIf { entry.cancelled },
        "по расписанию".takeIf { entry.planned },
        "дистанционно".takeIf { entry.distant },
        entry.insteadOf?.let { "вместо: $it" },
    )
    val subject = entry.subject + notes.joinToString(", ").let { if (it.isEmpty()) "" else " ($it)" }
    val room = entry.room.let { if (it.isEmpty()) "" else "каб. $it" }
    say("%3d. %-11s  %-32s %s".format(entry.number.toInt(), times, subject, room).trimEnd())
    entry.topic?.let { told("Тема", it) }
    entry.homework?.let { told("Задано", homework(it)) }
    entry.individualHomework.forEach { told("Задано лично", homework(it)) }
    for (mark in entry.marks) {
        val text = if (mark.value == MarkValue.Debt) "долг" else "${mark.value}"
        told("Отметка", "$text – ${mark.title.ifEmpty { mark.work }}" + mark.comment?.let { " ($it)" }.orEmpty())
    }
    entry.attendance?.let { told("Посещаемость", it.code) }
    entry.remarks.forEach { told("Замечание", it.text) }
}

private fun homework(homework: DiaryHomework): String =
    homework.text + homework.due?.let { due: LocalDate -> " (к ${DUE.format(due)})" }.orEmpty()

private fun told(what: String, text: String) {
    text.lines().forEachIndexed { at, line -> say("                  " + if (at == 0) "$what: $line" else line) }
}

/** The means of a term. */
fun printMeans(term: String, lines: List<MeanLine>) {
    if (lines.isEmpty()) return
    say("Средние баллы, $term")
    for (line in lines) {
        val after = line.after?.let { "с ещё одной пятёркой – ${shown(it)}" }.orEmpty()
        say("  %-32s %s   %s".format(line.subject, shown(line.mean), after).trimEnd())
    }
}

private fun shown(mean: Mean): String = "$mean".replace('.', ',')
