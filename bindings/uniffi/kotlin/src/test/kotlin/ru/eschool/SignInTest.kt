package ru.eschool

import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import ru.eschool.core.*

class SignInTest {
    private val policy = SignInPolicy.preset("ryazan_2022")
    private val born = BirthDate.parse("31.08.2010")

    @Test
    fun policies() {
        assertEquals(listOf("ryazan_2022", "udmurtia_2023", "ryazan_2024"), policyPresets())
        assertEquals(SignInPolicy.presets, policyPresets())
        assertEquals("ryazan_2022", policyName(policyPreset("ryazan_2022")))
        assertEquals(policy, parsePolicy(policy.json))
        val rules = rulesOn(policy, LocalDate.of(2024, 9, 1))
        assertEquals(AgeSpan(14u, 6u), rules.threshold)
        val ours = SignInPolicy.of("ours", rules, listOf(DatedRules(LocalDate.of(2025, 9, 1), rules.copy(noticeDays = 60u))))
        assertEquals(60.toUShort(), ours.rulesOn(LocalDate.of(2025, 9, 1)).noticeDays)
        assertEquals(ours, signInPolicy("ours", rules, listOf(DatedRules(LocalDate.of(2025, 9, 1), rules.copy(noticeDays = 60u)))))
        assertTrue(policyInWords(policy).any { "14" in it.textRu }, "${policy.inWords()}")
    }

    @Test
    fun thresholdAndNotice() {
        val ends = LocalDate.of(2025, 2, 28)
        assertEquals(ends, passwordEnds(policy, born, LocalDate.of(2024, 9, 1)))
        assertNull(passwordNotice(policy, born, LocalDate.of(2024, 9, 1)))
        assertEquals(ends, policy.passwordNotice(born, LocalDate.of(2025, 2, 10)))
        assertNull(cardRefusal(policy, born, ends.minusDays(1)))
        assertEquals(RefusalCode.UseEsia, policy.cardRefusal(born, ends)?.code)
    }

    @Test
    fun aRefusalSaysWhatToDo() {
        val verdict = policy.decide(facts(emptyList()), esia(Assurance.Confirmed), at("2025-02-28"))
        val refusal = assertIs<Verdict.Refused>(verdict).refusal
        assertEquals("not_found", "${refusal.code}")
        val words = refusalInWords(refusal)
        assertTrue(words.textRu.isNotEmpty() && words.textEn.isNotEmpty())
        assertEquals(refusal.next, words.next.map { it.step })
        assertTrue(words.next.all { it.textRu.isNotEmpty() })
        val keys = assertIs<Admission.Admitted>(admit(policy, esia(Assurance.Confirmed), at("2025-02-28"))).keys
        assertEquals(annasSnils, assertIs<LookupKeys.Esia>(keys).snils)
        assertIs<Verdict.Granted>(decide(policy, facts(listOf(parent())), esia(Assurance.Confirmed), at("2025-02-28")))
    }

    @Test
    fun everyRefusalHasItsWords() {
        val codes = refusalCodes()
        assertEquals(codes.size, codes.map { "$it" }.toSet().size)
        for (code in codes + RefusalCode.Unknown("newer")) {
            val refusal = decodeRefusal("""{"code": "$code", "next": ["ask_support", "call_the_mayor"]}""")
            assertEquals(code, refusal.code)
            assertEquals(NextStep.Unknown("call_the_mayor"), refusal.next.last())
            assertTrue(refusalInWords(refusal).textRu.isNotEmpty())
        }
    }
}
