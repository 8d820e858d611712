// How values cross between Kotlin and the library; nothing here is for a caller.

package ru.eschool.core

import java.nio.ByteBuffer
import java.util.UUID
import ru.eschool.refuseText

/** The sixteen bytes of an identifier. */
internal fun bytesOf(id: UUID): ByteArray =
    ByteBuffer.allocate(16).putLong(id.mostSignificantBits).putLong(id.leastSignificantBits).array()

/** An identifier of its sixteen bytes. */
internal fun uuidOf(bytes: ByteArray): UUID = ByteBuffer.wrap(bytes).let { UUID(it.long, it.long) }

/** What is thrown of a text that holds half a surrogate pair: UTF-8 has no bytes for it. */
internal fun textMalformed(): ApiException =
    try {
        refuseText()
        error("a refusal was expected")
    } catch (refused: ApiException) {
        refused
    }

/** What a value is printed as; one that the library refuses, as a mere name. */
internal inline fun told(value: Any, tell: () -> String): String =
    try {
        tell()
    } catch (_: Exception) {
        value.javaClass.simpleName
    }

/** The stable snake_case code. */
public val ApiException.code: String
    get() = (this as ApiException.Refused).code

/** The input the error is about, if it is about one. */
public val ApiException.field: String?
    get() = (this as ApiException.Refused).field

/** What was refused, if it is one value: cut where it is long, masked where it is personal. */
public val ApiException.value: String?
    get() = (this as ApiException.Refused).value

/** What a person reads, in Russian. */
public val ApiException.textRu: String
    get() = (this as ApiException.Refused).textRu

/** The same in English. */
public val ApiException.textEn: String
    get() = (this as ApiException.Refused).textEn
