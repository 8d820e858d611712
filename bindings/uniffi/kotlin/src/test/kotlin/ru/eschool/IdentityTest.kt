package ru.eschool

import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotEquals
import kotlin.test.assertTrue
import ru.eschool.core.*

class IdentityTest {
    @Test
    fun whoseItIsStandsInNoLogLine() {
        val shown = "${esia(Assurance.Confirmed, BirthDate.parse("31.08.2010"))} ${pupil(null)} " +
            "${annasName.parts} $annasName ${Login.parse("pr7_elkina")} ${Email.parse("anna@example.org")}" +
            "${MobilePhone.parse("+79123456789")} ${CaseCode.parse("7q4k2m")} $byPassword ${annasName.patronymic}"
        for (secret in listOf("Ёлкина", "Анна", "Олеговна", "112-233", "2010", "1000299353", "elkina", "anna@", "912345", "7Q4")) {
            assertFalse(secret in shown, "$secret in $shown")
        }
        assertEquals("***-***-*** 95", "$annasSnils")
        assertEquals("***89", "${parsePhone("9123456789")}")
    }

    @Test
    fun valuesAreWhatTheyTell() {
        assertEquals(annasSnils, Snils.parse("11223344595"))
        assertEquals(annasSnils.hashCode(), Snils.parse("11223344595").hashCode())
        assertEquals("11223344595", annasSnils.digits)
        assertTrue(annasSnils < Snils.parse("123-456-789 64"))
        assertEquals("anna@example.org", parseEmail(" anna@example.org ").address)
        assertEquals("pr7_elkina", parseLogin(" PR7_Elkina ").text)
        assertEquals("7Q4-K2M", parseCaseCode("7q4 к2м").formatted)
        assertNotEquals<Any>(parseLogin("anna"), parseEmail("anna@example.org"))
        assertEquals(parseSnils("11223344595"), annasSnils)
    }

    @Test
    fun names() {
        assertEquals("Ёлкина Анна Олеговна", annasName.formatted)
        assertEquals(Patronymic.None, fullName("Ли", "Ян", "-").patronymic)
        assertEquals(Patronymic.Missing, FullName.of("Ли", "Ян").patronymic)
        assertTrue(annasName.matches(FullName.of("ЕЛКИНА", "Aнна", "олеговна")))
        assertTrue(fullNamesMatch(annasName, annasName))
        assertEquals(foldedName("Ёлкина  Анна"), foldedName("елкина анна"))
    }

    @Test
    fun datesAndAges() {
        val born = parseBirthDate("31.08.2010")
        assertEquals(born, BirthDate.of(LocalDate.of(2010, 8, 31)))
        assertEquals(born, birthDate(LocalDate.parse("2010-08-31")))
        assertEquals(LocalDate.of(2025, 2, 28), ageReachedOn(AgeSpan(14u, 6u), born))
        assertEquals(born, born.ofSomebodyOn(LocalDate.of(2026, 1, 1)))
        assertEquals(born, birthDateOfSomebodyOn(born, LocalDate.of(2026, 1, 1)))
        assertEquals(LocalDate.of(2024, 12, 31), parseDate("31.12.2024"))
    }

    @Test
    fun cards() {
        assertEquals(listOf("pr7_yolkina", "pr7_yolkina_a"), loginCandidates("pr7", annasName, 2u).map { it.text })
        assertEquals("shhukin", transliterate("Щукин"))
        assertEquals(8, passwordFrom(ByteArray(8)).length)
        checkNewPassword("совсем другой", parseLogin("pr7_elkina"), null)
        val card = decodeCard(
            """{"school": "МБОУ «Школа № 7»", "founder": "Управление образования",
            "municipality": "городской округ", "class": "3Б",
            "name": {"family": "Проверка", "given": "Анна", "patronymic": "none"},
            "login": "pr7_proverka", "password": "25ens2dh", "registered": "2022-08-30",
            "access": {"address": "https://school.example.org"}}"""
        )
        assertTrue("│ 2 │ 5 │ e │ n │ s │ 2 │ d │ h │" in cardText(card))
        assertFalse("25ens2dh" in "$card")
    }
}
