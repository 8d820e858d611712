package ru.eschool

import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNull
import kotlin.test.assertTrue
import ru.eschool.core.*

class JournalTest {
    private val asked = vectors.getAsJsonObject("diary")
    private val diary = decodeDiary("${asked["diary"]}")
    private val physics =
        decodeTerm("${vectors.getAsJsonObject("term")["summary"]}").subjects.single { it.subject == "Физика" }

    @Test
    fun singleValues() {
        assertEquals("4-", "${parseMark("4-")}")
        assertEquals(MarkValue.Points(5u, Sign.PLUS), parseMark("5+"))
        assertEquals(MarkValue.Debt, parseMark("."))
        assertEquals("1.5", "${parseWeight("1,5")}")
        assertEquals(weight(150u), Weight.parse("1.5"))
        assertTrue(Weight.of(100u) < Weight.of(150u))
        assertEquals("4.25", "${mean(17u, 4u)}")
        assertEquals("4.25", meanShown(Mean.of(34u, 8u)))
        assertEquals("3", weightShown(Weight.of(300u)))
        val week = weekOf(LocalDate.of(2024, 9, 18))
        assertEquals("2024-09-16..2024-09-22", "$week")
        assertEquals(7, DateRange.weekOf(week.start).days().count())
        assertEquals(week, dateRange(week.start, week.endInclusive))
        assertTrue(LocalDate.of(2024, 9, 18) in week)
    }

    @Test
    fun rulesOfAssessment() {
        val plain = plainGrading()
        assertEquals(Grading.plain(), plain)
        assertEquals(5.toUByte(), proposedFinal(plain, Mean.of(9u, 2u)))
        val strict = plain.withThreshold(5u, 475u).withSign(30u)
        assertEquals(strict, gradingWithSign(gradingWithThreshold(plain, 5u, 475u), 30u))
        assertEquals(4.toUByte(), strict.proposed(Mean.of(9u, 2u)))
        assertEquals(listOf(150u, 250u, 350u, 475u), strict.thresholds.map { it.toUInt() })
        assertTrue(gradingWithFavour(plain, true).isInFavour)
        assertEquals(30.toUShort(), strict.sign)
    }

    @Test
    fun whatChanged() {
        assertEquals(emptyList(), changes(diary, diary))
        val first = diary.days.first()
        val lesson = first.entries.first()
        val now = diary.copy(
            days = listOf(first.copy(entries = listOf(lesson.copy(marks = lesson.marks.drop(1))))) + diary.days.drop(1)
        )
        val told = changes(diary, now)
        assertTrue(told.any { it is Change.MarkRemoved }, "$told")
        assertTrue(told.any { it is Change.LessonRemoved }, "$told")
        val mark = told.first { it is Change.MarkRemoved }
        assertTrue("Физика" in changeInWords(mark).textRu, changeInWords(mark).textRu)
    }

    @Test
    fun waysToATarget() {
        val works = worksMet(physics)
        assertTrue(works.isNotEmpty())
        val ways = waysTo(physics, 450u, works)
        assertEquals(TargetVerdict.Reachable, ways.verdict)
        assertEquals("reachable", "${ways.verdict}")
        val shortest = ways.ways.first()
        assertEquals("ещё одна пятёрка за контрольную", shortest.textRu)
        assertTrue(ways.textRu.isNotEmpty() && ways.textEn.isNotEmpty() && shortest.textEn.isNotEmpty())
        val marks = shortest.marks.flatMap { way -> List(way.count.toInt()) { Given(MarkValue.Points(way.points, null), shortest.weight) } }
        assertEquals(shortest.mean, whatIf(physics, marks))
        assertNull(whatIf(physics.copy(marks = emptyList()), emptyList()))
    }

    @Test
    fun whatWasMissed() {
        val missed = absences(diary)
        assertEquals(1u, missed.all.attendance.ill)
    }

    @Test
    fun eventsKeepWhatIsNotKnown() {
        val json = """[{"cursor":5,"pupil":"019379ab-0000-7000-8000-000000000001","at":"2024-09-16T12:00:00Z",
            "what":{"kind":"week_signed","week":38}}]"""
        val what = decodeEvents(json).single().what
        assertEquals("""{"kind":"week_signed","week":38}""", (what as Change.Unknown).value.json)
        assertEquals("***", "${what.value}")
        assertTrue(changeInWords(what).textRu.isNotEmpty())
    }

    @Test
    fun aRecordTellsNothingOfAnybody() {
        val shown = "$diary $physics ${decodeSlice("${asked["slice"]}")}"
        for (secret in listOf("Внимательнее", "Забыл тетрадь", "сообщение о трении", "Контрольная работа № 1, вариант 1")) {
            assertTrue(secret !in shown, secret)
        }
    }
}
