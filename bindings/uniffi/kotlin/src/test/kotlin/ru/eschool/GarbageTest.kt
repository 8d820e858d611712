package ru.eschool

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Method
import java.time.Instant
import java.time.LocalDate
import kotlin.test.Test
import kotlin.test.assertTrue
import ru.eschool.core.*

/**
 * Garbage at every depth of every argument of every function, as Java, reflection and unchecked casts can
 * bring it: a typed error or an answer.
 */
class GarbageTest {
    private val codes = errorCodes().toSet()
    private val long = "я".repeat(5 * 1024 * 1024)

    /** What came of each spot that was tried. */
    private val tried = mutableMapOf<String, Int>()

    /** The code of what is thrown; `answer`, if nothing is. */
    private fun outcome(method: Method, arguments: Array<Any?>, garbage: String): String {
        val outcome = try {
            method.invoke(null, *arguments)
            "answer"
        } catch (thrown: InvocationTargetException) {
            val cause = thrown.targetException
            if (cause !is ApiException || cause.code !in codes) throw AssertionError("$garbage: $cause", cause)
            cause.code
        }
        tried.merge(outcome, 1, Int::plus)
        return outcome
    }

    private fun everywhere(garbage: (Spot) -> List<Pair<Any?, Set<String>?>>) {
        for (method in functions.values) {
            val arguments = method.genericParameterTypes.map<_, Any?>(::soundOf).toTypedArray()
            outcome(method, arguments, "sound values for ${method.name}")
            everySpot(method, arguments) { spot ->
                for ((value, expected) in garbage(spot)) spot.with(value) {
                    val told = "${value?.let { it.javaClass.simpleName + " " + "$it".take(20) }} in ${spot.path}"
                    val outcome = outcome(method, arguments, told)
                    if (expected != null) assertTrue(outcome in expected, "$told: $outcome, not $expected")
                }
            }
        }
    }

    @Test
    fun whatNoValueIsHasItsCode() {
        everywhere { spot ->
            when (classOf(spot.type)) {
                String::class.java -> listOf("\uD800", "а\uDC00б").map { it to setOf("text_malformed") }
                LocalDate::class.java -> listOf(LocalDate.MIN, LocalDate.MAX).map { it to setOf("date_invalid") }
                Instant::class.java -> listOf(Instant.MIN, Instant.MAX).map { it to setOf("instant_invalid") }
                else -> emptyList()
            }
        }
        for (code in listOf("text_malformed", "date_invalid", "instant_invalid")) {
            assertTrue(tried.getOrDefault(code, 0) > 10, "$tried")
        }
    }

    @Test
    fun nullsAndElementsOfOtherTypesAreRefused() {
        everywhere { spot ->
            val inList = spot.path.endsWith("]")
            when {
                classOf(spot.type).isPrimitive -> emptyList()
                inList -> listOf(null, Any()).map { it to setOf("value_malformed") }
                // A part may be one that a record may lack, an argument one that may be left out.
                else -> listOf(null to setOf("value_malformed", "answer") + codes)
            }
        }
        assertTrue(tried.getOrDefault("value_malformed", 0) > 100, "$tried")
    }

    @Test
    fun numbersOutOfAllBoundsAndEmptyThingsAreReadOrRefused() {
        everywhere { spot ->
            val garbage: List<Any?> = when (classOf(spot.type)) {
                Byte::class.java -> listOf<Byte>(0, -1)
                Short::class.java -> listOf<Short>(0, -1)
                Int::class.java -> listOf(0, -1, Int.MIN_VALUE)
                Long::class.java -> listOf(0L, -1L, Long.MIN_VALUE)
                UByte::class.java -> listOf(UByte.MIN_VALUE, UByte.MAX_VALUE)
                UShort::class.java -> listOf(UShort.MIN_VALUE, UShort.MAX_VALUE)
                String::class.java -> listOf("", "\u0000", "\u202E{\"")
                ByteArray::class.java -> listOf(ByteArray(0), ByteArray(1_000_000) { -1 })
                List::class.java -> listOf(emptyList<Any>())
                else -> emptyList()
            }
            garbage.map { it to null }
        }
        assertTrue(tried.values.sum() > 1_000, "$tried")
    }

    @Test
    fun longTextsAnywhereAreReadOrRefused() {
        val seen = mutableSetOf<String>()
        everywhere { spot ->
            // Once for each part of each record, in whatever function.
            val isNew = seen.add(spot.path.split('.').takeLast(2).joinToString("."))
            if (classOf(spot.type) == String::class.java && isNew) listOf(long to null) else emptyList()
        }
    }

    @Test
    fun garbageInJsonIsReadOrRefused() {
        val diary = vectors.getAsJsonObject("diary")
        val term = vectors.getAsJsonObject("term")
        val event = """[{"cursor":5,"pupil":"${id(1)}","at":"2024-09-16T12:00:00Z","what":{"kind":"mark_new",
            "lesson":{"date":"2024-09-16","number":1,"subject":"Физика"},
            "mark":{"id":"${id(2)}","value":"5","work":"Ответ","title":"Трение","weight":"1"}}}]"""
        val refusal = """{"code":"use_esia","next":["use_esia"],"threshold":{"years":14,"months":6},
            "accounts":["confirmed"],"case":"7Q4-K2M"}"""
        val read = listOf<Pair<JsonElement, (String) -> Any?>>(
            diary["slice"] to ::decodeSlice,
            diary["diary"] to ::decodeDiary,
            term["slice"] to ::decodeTermSlice,
            term["summary"] to ::decodeTerm,
            JsonParser.parseString(event) to ::decodeEvents,
            JsonParser.parseString(refusal) to ::decodeRefusal,
            JsonParser.parseString(SignInPolicy.preset("udmurtia_2023").json) to ::parsePolicy,
        )
        val garbage = listOf("null", "-1", "1e308", "\"\\u0000\"", "\"\\ud800\"", "[]", "{}", "[[null]]").map(JsonParser::parseString)
        var refused = 0
        for ((json, decode) in read) {
            decode("$json")
            everyNode(json) { put ->
                for (value in garbage) {
                    put(value)
                    val code = runCatching { decode("$json") }.exceptionOrNull()?.let { thrown ->
                        (thrown as? ApiException ?: throw AssertionError("$value in $json", thrown)).code
                    }
                    if (code != null) refused += 1
                    assertTrue(code == null || code in codes, "$code")
                }
            }
        }
        assertTrue(refused > 1_000, "$refused")
    }

    /** Comes to every node of some JSON with what puts another in its place; afterwards it stands there again. */
    private fun everyNode(json: JsonElement, visit: (put: (JsonElement) -> Unit) -> Unit) {
        when (json) {
            is JsonObject -> for (key in json.keySet().toList()) {
                val node = json[key]
                visit { json.add(key, it) }
                json.add(key, node)
                everyNode(node, visit)
            }
            is JsonArray -> for (at in 0 until json.size()) {
                val node = json[at]
                visit { json.set(at, it) }
                json.set(at, node)
                everyNode(node, visit)
            }
        }
    }
}
