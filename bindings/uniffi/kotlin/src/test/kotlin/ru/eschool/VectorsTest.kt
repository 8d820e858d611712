package ru.eschool

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.time.Instant
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import ru.eschool.core.*

/** The same questions as in Rust, Swift and TypeScript. */
class VectorsTest {
    @Test
    fun numbers() {
        for (asked in vectors.getAsJsonArray("snils").map { it.asJsonObject }) {
            agree(asked, "formatted") { Snils.parse(it).formatted }
        }
        for (asked in vectors.getAsJsonArray("phones").map { it.asJsonObject }) {
            agree(asked, "e164") { MobilePhone.parse(it).e164 }
        }
    }

    private fun agree(asked: JsonObject, answer: String, read: (String) -> String) {
        val text = asked["text"].asString
        val said = try {
            read(text)
        } catch (refused: ApiException) {
            refused.code
        }
        assertEquals((asked[answer] ?: asked["code"]).asString, said, "«$text»")
    }

    @Test
    fun ages() {
        for (asked in vectors.getAsJsonArray("ages").map { it.asJsonObject }) {
            val age = AgeSpan(asked["years"].asInt.toUByte(), asked["months"].asInt.toUByte())
            val born = BirthDate.parse(asked["born"].asString)
            assertEquals(LocalDate.parse(asked["reached"].asString), born.reaches(age))
        }
    }

    @Test
    fun decisions() {
        for (asked in vectors.getAsJsonArray("decisions").map { it.asJsonObject }) {
            val policy = SignInPolicy.preset(asked["policy"].asString)
            val born = asked["born"]?.let { BirthDate.parse(it.asString) }
            val at = At(Instant.parse(asked["instant"].asString), day(asked["date"])!!)
            val candidates = when (asked["role"].asString) {
                "pupil" -> listOf(pupil(born))
                "parent" -> listOf(parent())
                else -> emptyList()
            }
            val password = asked["password"]?.let {
                if (it.asString == "right") PasswordCheck.RIGHT else PasswordCheck.WRONG
            }
            val assurance = asked["assurance"]?.asString
            val attempt = if (assurance == null) byPassword else esia(assuranceOf(assurance), born)
            val verdict = when (val admission = policy.admit(attempt, at)) {
                is Admission.Refused -> Verdict.Refused(admission.refusal)
                is Admission.Admitted -> policy.decide(facts(candidates, password), attempt, at)
            }
            when (verdict) {
                is Verdict.Refused -> assertEquals(asked["answer"].asString, "${verdict.refusal.code}", "$asked")
                is Verdict.Granted -> {
                    assertEquals(asked["answer"].asString, "granted", "$asked")
                    assertEquals(day(asked["passwordEnds"]), verdict.grant.passwordEnds, "$asked")
                    assertEquals(day(asked["validUntil"]), verdict.grant.validUntil, "$asked")
                }
            }
        }
    }

    private fun day(text: JsonElement?): LocalDate? = text?.let { LocalDate.parse(it.asString) }

    private fun assuranceOf(code: String): Assurance = when (code) {
        "confirmed" -> Assurance.Confirmed
        "child" -> Assurance.Child
        "unconfirmed" -> Assurance.Unconfirmed
        else -> Assurance.Unknown(code)
    }

    @Test
    fun diary() {
        val asked = vectors.getAsJsonObject("diary")
        val slice = decodeSlice("${asked["slice"]}")
        val diary = compose(slice, rangeOf(asked.getAsJsonObject("range")))
        assertEquals(decodeDiary("${asked["diary"]}"), diary)
        assertEquals(asked["diary"], JsonParser.parseString(encodeDiary(diary)))
        val monday = diary.days.first()
        assertEquals("«4-» за «Контрольная работа № 1, вариант 1»", monday.entries.first().marks.first().run { "«$value» за «$title»" })
        assertEquals(LocalDate.parse("2024-09-19"), monday.entries.first().homework?.due)
    }

    private fun rangeOf(range: JsonObject): DateRange =
        DateRange.of(day(range["from"])!!, day(range["to"])!!)

    @Test
    fun term() {
        val asked = vectors.getAsJsonObject("term")
        val slice = decodeTermSlice("${asked["slice"]}")
        val term = decodeTerms("[${asked["term"]}]").single()
        val summary = summarise(slice, term)
        assertEquals(decodeTerm("${asked["summary"]}"), summary)
        for (question in vectors.getAsJsonArray("whatIf").map { it.asJsonObject }) {
            val subject = summary.subjects.single { it.subject == question["subject"].asString }
            val given = question.getAsJsonArray("given").map { it.asJsonObject }.map {
                Given(parseMark(it["value"].asString), Weight.parse(it["weight"].asString))
            }
            val mean = question["mean"].takeUnless { it.isJsonNull }?.asString
            assertEquals(mean, whatIf(subject, given)?.toString(), "$question")
        }
    }
}
