// What a portal answers, looked at before it is believed.

import com.google.gson.JsonArray
import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParseException
import com.google.gson.JsonParser

/** What the portal refused, in the words that it gave for people. */
class Refused(override val message: String, val code: String? = null) : Exception()

/** A child whose diary a parent may read. */
class Child(val pupil: String, val name: String, val className: String?, val school: String?)

/** An answer as JSON; one that is none does not come from a portal. */
internal fun jsonOf(status: Int, body: String): JsonElement = try {
    JsonParser.parseString(body)
} catch (_: JsonParseException) {
    throw Refused("Это не портал электронной школы: ответ $status не JSON")
}

/** Why nothing is given, in the portal's own words: what is wrong, and what to do. */
internal fun refusal(status: Int, said: JsonElement): Refused {
    val why = said.textAt("textRu") ?: said.textAt("error_description") ?: "Портал ответил ошибкой $status"
    val next: Iterable<JsonElement> = said.at("next") as? JsonArray ?: emptyList()
    val told = listOf(why) + next.mapNotNull { it.textAt("textRu") }.map { "  – $it" }
    return Refused(told.joinToString("\n"), said.textAt("code"))
}

/** The children that a portal lists; of one without a name or a number nothing can be asked. */
internal fun childrenOf(said: JsonElement): List<Child> {
    val children = said as? JsonArray ?: throw unexpected()
    return children.map { child ->
        val name = child.at("name") ?: throw unexpected()
        Child(
            pupil = child.textAt("pupil") ?: throw unexpected(),
            name = listOfNotNull(name.textAt("family"), name.textAt("given")).joinToString(" "),
            className = child.textAt("class"),
            school = child.textAt("schoolName"),
        )
    }
}

internal fun unexpected() = Refused("Портал ответил не так, как ждёт эта программа: обновите её")

/** A text among the fields of an object; none where there is no such text. */
internal fun JsonElement.textAt(name: String): String? =
    at(name)?.takeIf { it.isJsonPrimitive && it.asJsonPrimitive.isString }?.asString

private fun JsonElement.at(name: String): JsonElement? = (this as? JsonObject)?.get(name)
