package ru.eschool

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import ru.eschool.core.*

/** The same questions as in Rust, Swift and TypeScript. */
class VectorsTest {
    /** How the entries of a group are asked; a group that is one entry is a list of one. */
    private val groups: Map<String, (Fields) -> Unit> = mapOf(
        "snils" to { agree(it, "formatted") { text -> Snils.parse(text).formatted } },
        "phones" to { agree(it, "e164") { text -> MobilePhone.parse(text).e164 } },
        "ages" to ::age,
        "passwordEnds" to ::passwordEnds,
        "decisions" to ::decision,
        "diary" to ::diary,
        "term" to ::term,
        "whatIf" to ::whatIfs,
    )

    @Test
    fun everyEntryIsAsked() {
        val counts = vectors.getAsJsonObject("counts")
        assertEquals(groups.keys + "about" + "counts", vectors.keySet())
        assertEquals(groups.keys, counts.keySet())
        for ((name, ask) in groups) {
            val group = vectors[name].let { if (it.isJsonArray) it.asJsonArray.toList() else listOf(it) }
            val asked = group.count { entry ->
                entry.whole { ask(this) }
                true
            }
            assertEquals(counts[name].asInt, asked, name)
        }
    }

    private fun agree(asked: Fields, answer: String, read: (String) -> String) {
        val text = asked.one("text", ::text)
        val expected = asked.maybe(answer, ::text) ?: asked.one("code", ::text)
        val said = try {
            read(text)
        } catch (refused: ApiException) {
            refused.code
        }
        assertEquals(expected, said, "«$text»")
    }

    private fun age(asked: Fields) {
        val age = AgeSpan(asked.one("years", ::small), asked.one("months", ::small))
        assertEquals(asked.one("reached", ::date), asked.one("born", ::born).reaches(age))
    }

    private fun passwordEnds(asked: Fields) {
        val name = asked.one("name", ::text)
        val policy = SignInPolicy.preset(asked.one("policy", ::text))
        val (born, today) = asked.maybe("born", ::born) to asked.one("today", ::date)
        assertEquals(asked.maybe("ends", ::date), policy.passwordEnds(born, today), name)
        assertEquals(asked.maybe("notice", ::date), policy.passwordNotice(born, today), name)
    }

    private fun decision(asked: Fields) {
        val name = asked.one("name", ::text)
        val policy = SignInPolicy.preset(asked.one("policy", ::text))
        val (attempt, at) = asked.one("attempt", ::attempt) to asked.one("at", ::at)
        val admission = policy.admit(attempt, at)
        assertEquals(asked.one("admission", ::admission), admission to wordsOf((admission as? Admission.Refused)?.refusal), name)
        // As in a school, who is refused at the door is not looked up.
        if (admission is Admission.Refused) return
        val verdict = policy.decide(asked.one("facts", ::facts), attempt, at)
        assertEquals(asked.one("decision", ::verdict), verdict to wordsOf((verdict as? Verdict.Refused)?.refusal), name)
    }

    private fun wordsOf(refusal: Refusal?): RefusalInWords? = refusal?.let(::refusalInWords)

    private fun diary(asked: Fields) {
        val diary = compose(asked.one("slice") { decodeSlice("$it") }, asked.one("range", ::range))
        val expected = asked.one("diary") { it }
        assertEquals(decodeDiary("$expected"), diary)
        assertEquals(expected, JsonParser.parseString(encodeDiary(diary)))
        val monday = diary.days.first()
        assertEquals("«4-» за «Контрольная работа № 1, вариант 1»", monday.entries.first().marks.first().run { "«$value» за «$title»" })
        assertEquals(LocalDate.parse("2024-09-19"), monday.entries.first().homework?.due)
    }

    private fun range(json: JsonElement): DateRange = json.whole { DateRange.of(one("from", ::date), one("to", ::date)) }

    private fun term(asked: Fields) {
        val slice = asked.one("slice") { decodeTermSlice("$it") }
        val term = asked.one("term") { decodeTerms("[$it]").single() }
        assertEquals(asked.one("summary") { decodeTerm("$it") }, summarise(slice, term))
    }

    private fun whatIfs(asked: Fields) {
        val term: JsonObject = vectors.getAsJsonObject("term")
        val subject = decodeTerm("${term["summary"]}").subjects.single { it.subject == asked.one("subject", ::text) }
        val given = asked.list("given") {
            it.whole { Given(parseMark(one("value", ::text)), Weight.parse(one("weight", ::text))) }
        }
        assertEquals(asked.maybe("mean", ::text), whatIf(subject, given)?.toString(), "$given")
    }
}
