package ru.eschool

import java.time.Instant
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import ru.eschool.core.*

/** Instants of every age cross as they are, to the nanosecond. */
class InstantTest {
    private val instants = listOf(
        "2024-09-16T12:00:00.123456789Z", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.500Z",
        "1969-12-31T23:59:59Z", "1969-12-31T23:59:58.999999999Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
    )

    @Test
    fun theyComeBack() {
        for (text in instants) {
            val event = """[{"cursor":1,"pupil":"${id(1)}","at":"$text","what":{"kind":"moonrise"}}]"""
            val instant = decodeEvents(event).single().at
            assertEquals(Instant.parse(text), instant)
            // Rust tells the instant that has come back.
            val told = "${At(instant, LocalDate.of(2024, 9, 1))}"
            assertTrue(text in told, "$told is not $text")
        }
    }
}
