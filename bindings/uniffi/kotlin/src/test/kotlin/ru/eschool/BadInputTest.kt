package ru.eschool

import java.io.File
import java.time.Instant
import java.time.LocalDate
import java.util.concurrent.Callable
import java.util.concurrent.Executors
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import ru.eschool.core.*

/** Whatever a caller passes, it is a typed error or an answer, never the library's own fault. */
class BadInputTest {
    private val slice = decodeSlice("${vectors.getAsJsonObject("diary")["slice"]}")
    private val week = DateRange.of(LocalDate.of(2024, 9, 16), LocalDate.of(2024, 9, 22))
    private val policy = SignInPolicy.preset("ryazan_2022")
    private val rules = policy.rulesOn(LocalDate.of(2024, 9, 1))
    private val today = LocalDate.of(2025, 2, 28)
    private val decade = DateRange.of(LocalDate.of(2014, 9, 1), LocalDate.of(2024, 8, 31))

    /** Every way to be refused, by the code that is expected. */
    private val refusals: List<Pair<String, () -> Any?>> = listOf(
        "snils_missing" to { Snils.parse(" ") },
        "snils_malformed" to { Snils.parse("\u0000") },
        "snils_zero" to { Snils.parse("000-000-000 00") },
        "snils_checksum" to { Snils.parse("112-233-445 96") },
        "phone_missing" to { MobilePhone.parse("") },
        "phone_malformed" to { MobilePhone.parse("телефон") },
        "phone_not_mobile" to { MobilePhone.parse("8 (4912) 25-33-11") },
        "email_malformed" to { Email.parse("anna@") },
        "login_malformed" to { Login.parse("вася") },
        "name_missing" to { FullName.of("", "Анна") },
        "name_malformed" to { FullName.of("Ёлкина<b>", "Анна") },
        "name_too_long" to { FullName.of("я".repeat(101), "Анна") },
        "date_missing" to { parseDate(" ") },
        "date_invalid" to { parseDate("30.02.2024") },
        "date_invalid" to { BirthDate.parse("31.12.0001") },
        "date_invalid" to { BirthDate.of(LocalDate.MIN) },
        "date_invalid" to { policy.rulesOn(LocalDate.MAX) },
        "date_invalid" to { weekOf(LocalDate.of(500_000, 1, 1)) },
        "birth_date_in_future" to { BirthDate.parse("01.01.2026").ofSomebodyOn(today) },
        "birth_date_too_long_ago" to { BirthDate.parse("01.01.1901").ofSomebodyOn(today) },
        "range_reversed" to { DateRange.of(today, today.minusDays(1)) },
        "range_too_long" to { compose(slice, DateRange.of(LocalDate.of(-200_000, 1, 1), LocalDate.of(200_000, 1, 1))) },
        // A name of a megabyte and a half on each day of ten years.
        "range_too_long" to { compose(slice.copy(calendar = listOf(CalendarSpan(decade, CalendarRule.Vacation, "к".repeat(750_000)))), decade) },
        "mark_malformed" to { parseMark("6") },
        "mark_malformed" to { whatIf(physics(), listOf(Given(MarkValue.Points(9u, null), Weight.of(100u)))) },
        "weight_invalid" to { Weight.parse("0") },
        "weight_invalid" to { Weight.of(UInt.MAX_VALUE) },
        "mean_out_of_scale" to { Mean.of(ULong.MAX_VALUE, 1u) },
        "mean_out_of_scale" to { Mean.of(0u, 0u) },
        "grading_sign" to { Grading.plain().withSign(50u) },
        "grading_threshold" to { Grading.plain().withThreshold(5u, 100u) },
        "case_code_malformed" to { CaseCode.parse("7Q4") },
        "card_randomness" to { passwordFrom(ByteArray(7)) },
        "password_too_short" to { checkNewPassword("коротко", Login.parse("anna"), null) },
        "password_too_long" to { checkNewPassword("я".repeat(129), Login.parse("anna"), null) },
        "password_is_login" to { checkNewPassword("anna_elkina", Login.parse("anna_elkina"), null) },
        "password_is_former" to { checkNewPassword("прежний пароль", Login.parse("anna"), "прежний пароль") },
        "preset_unknown" to { SignInPolicy.preset("moscow_2030") },
        "policy_malformed" to { SignInPolicy.parse("{") },
        "policy_malformed" to { SignInPolicy.parse("null") },
        "policy_missing" to { SignInPolicy.of("ours", rules.copy(matching = emptyList())) },
        "policy_unknown" to { SignInPolicy.of("ours", rules.copy(youngByEsia = YoungByEsia.Unknown("perhaps"))) },
        "policy_contradiction" to { SignInPolicy.of("ours", rules, listOf(DatedRules(today, rules), DatedRules(today, rules))) },
        "policy_name_malformed" to { SignInPolicy.of("", rules) },
        "policy_contradiction" to { SignInPolicy.of("ours", rules.copy(noticeDays = 40_000u)) },
        "json_malformed" to { decodeDiary("null") },
        "json_malformed" to { decodeTerm("[]") },
        "json_malformed" to { decodeTerms("{}") },
        "json_malformed" to { decodeEvents("[".repeat(100_000)) },
        "json_malformed" to { decodeSlice("") },
        "json_malformed" to { decodeTermSlice("\uFEFF{}") },
        "json_malformed" to { decodeRefusal("{\"code\": 5}") },
        "json_malformed" to { decodeCard("{\"login\": null}") },
        "instant_invalid" to { policy.admit(byPassword, At(Instant.MAX, today)) },
        "instant_invalid" to { policy.admit(byPassword, At(Instant.MIN, today)) },
        "unknown_malformed" to { changeInWords(Change.Unknown(UnknownContent("{"))) },
        "unknown_malformed" to { changeInWords(Change.Unknown(UnknownContent("""{"kind":"mark_new"}"""))) },
        "text_malformed" to { Snils.parse("\uD800") },
        "text_malformed" to { transliterate("Ёл\uDC00кина") },
        "text_malformed" to { decodeDiary("{\"pupil\":\"\uD83D\"}") },
        "text_malformed" to { refuseText() },
        // at every depth
        "date_invalid" to { compose(slice.copy(lessons = slice.lessons.map { it.copy(date = LocalDate.MIN) }), week) },
        "date_invalid" to { compose(slice.copy(lessons = slice.lessons.map { it.copy(homework = Homework("", LocalDate.MAX, emptyList())) }), week) },
        "text_malformed" to { compose(slice.copy(remarks = slice.remarks.map { it.copy(text = "\uDBFF") }), week) },
        "mark_malformed" to { compose(slice.copy(marks = slice.marks.map { it.copy(value = MarkValue.Points(0u, null)) }), week) },
        "instant_invalid" to { compose(slice.copy(marks = slice.marks.map { it.copy(writtenAt = Instant.MAX) }), week) },
        // of no type that is asked for
        "value_malformed" to { compose(slice.copy(lessons = unchecked(listOf(null))), week) },
        "value_malformed" to { compose(slice.copy(lessons = unchecked(listOf("урок"))), week) },
    )

    /** A list as Java hands it over, whatever it holds. */
    @Suppress("UNCHECKED_CAST")
    private fun <T> unchecked(list: List<Any?>): List<T> = list as List<T>

    private fun physics(): SubjectSummary =
        decodeTerm("${vectors.getAsJsonObject("term")["summary"]}").subjects.single { it.subject == "Физика" }

    /** What no value of Kotlin can bring about: its own types are right by themselves. */
    private val impossible = setOf("time_invalid", "weekday_invalid")

    @Test
    fun everyCodeIsThrown() {
        for ((code, call) in refusals) assertEquals(code, codeOf(call))
        assertEquals(errorCodes().toSet(), refusals.map { it.first }.toSet() + impossible)
    }

    @Test
    fun anErrorSaysWhatToDoAndNothingPersonal() {
        val error = runCatching { Snils.parse("112-233-445 96") }.exceptionOrNull() as ApiException
        assertEquals(listOf("snils_checksum", "snils", "***-***-*** 96"), listOf(error.code, error.field, error.value))
        assertTrue("СНИЛС" in error.textRu && "compare it" in error.textEn)
        assertTrue("112" !in "$error")
        val json = runCatching { decodeCard("""{"password": "25ens2dh", "login": 5}""") }.exceptionOrNull()
        assertTrue("25ens2dh" !in "$json" && "25ens2dh" !in (json as ApiException).textEn)
    }

    @Test
    fun whatIsRefusedIsPrintedAllTheSame() {
        val impossible = slice.copy(lessons = slice.lessons.map { it.copy(date = LocalDate.MIN) })
        assertEquals(listOf("DiarySlice", "Lesson"), listOf("$impossible", "${impossible.lessons.first()}"))
        assertEquals("Points", "${MarkValue.Points(9u, null)}")
    }

    @Test
    fun longTextsAreReadOrRefused() {
        val long = "1".repeat(10 * 1024 * 1024)
        assertEquals("snils_malformed", codeOf { Snils.parse(long) })
        assertEquals("json_malformed", codeOf { decodeDiary(long) })
        assertEquals(long.length, foldedName(long).length)
        val diary = compose(slice.copy(remarks = slice.remarks.map { it.copy(text = long) }), week)
        assertEquals(long, diary.days.first().entries.first().remarks.single().text)
    }

    @Test
    fun manyThreadsCallAtOnce() {
        val pool = Executors.newFixedThreadPool(16)
        val diaries = pool.invokeAll(List(400) { Callable { compose(slice, week) } }).map { it.get() }
        val refused = pool.invokeAll(List(400) { Callable { codeOf { refusals[it % refusals.size].second() } } }).map { it.get() }
        pool.shutdown()
        assertEquals(1, diaries.toSet().size)
        assertEquals(List(400) { refusals[it % refusals.size].first }, refused)
    }

    @Test
    fun nothingCanBeUsedAfterItIsFreed() {
        val types = functions.values.flatMap { it.parameterTypes.toList() + it.returnType }
        assertEquals(emptyList(), types.filter { AutoCloseable::class.java.isAssignableFrom(it) || "destroy" in it.methods.map { it.name } })
        val diary = compose(slice, week)
        System.gc()
        assertEquals(compose(slice, week), decodeDiary(encodeDiary(diary)))
    }

    @Test
    fun everyFunctionIsTested() {
        assertTrue(functions.size > 50, "${functions.keys}")
        val tests = File(System.getenv("ESCHOOL_TESTS") ?: error("ESCHOOL_TESTS names the sources of the tests"))
        val sources = tests.walk().filter { it.extension == "kt" }.map { it.readText() }
        val called = sources.flatMap { CALL.findAll(it.replace(COMMENT, "")) }.map { it.value }.toSet()
        assertEquals(emptySet(), functions.keys - called)
    }

    private companion object {
        /** A call of a function by its whole name, neither of somebody's member nor where one is declared. */
        private val CALL = Regex("""(?<![\w.]|fun )\w+(?=\()""")
        private val COMMENT = Regex("""/\*.*?\*/|(?<!:)//[^\n]*""", RegexOption.DOT_MATCHES_ALL)
    }

    /** The first argument is written for the library before the second one is looked at. */
    @Test
    fun whatIsRefusedKeepsNoMemory() {
        val subject = physics().copy(subject = "я".repeat(3_000_000))
        val refused = { runCatching { waysTo(subject, 450u, unchecked(listOf("тест"))) }.exceptionOrNull() }
        assertEquals("value_malformed", (refused() as ApiException).code)
        val before = Memory.taken()
        repeat(50) { refused() }
        // Fifty times nine megabytes, had they been kept.
        val grown = Memory.taken() - before
        assertTrue(grown < 100_000_000, "$grown bytes")
    }
}
