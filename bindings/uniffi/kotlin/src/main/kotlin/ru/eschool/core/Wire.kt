// How values cross between Kotlin and the library; nothing here is for a caller.

package ru.eschool.core

import java.nio.ByteBuffer
import java.util.UUID
import ru.eschool.gradingWithFavour
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

/** What is thrown of a null where the type allows none, or of an element of another type: Java brings both. */
internal fun valueMalformed(): ApiException =
    try {
        gradingWithFavour(Grading.ofWire(emptyList()), false)
        error("a refusal was expected")
    } catch (refused: ApiException) {
        refused
    }

/** The buffers that the arguments of one thread's calls were written into, until the library takes them. */
internal class Lowering {
    private val buffers = ArrayList<() -> Unit>()
    private var calls = 0

    /** A buffer is written for the call that is under way. */
    fun written(free: () -> Unit) {
        if (calls > 0) buffers.add(free)
    }

    /** A call begins; what it is ended with. */
    fun begin(): Int {
        calls++
        return buffers.size
    }

    /** A call ends: its buffers are the library's now, or nobody's. */
    fun end(begun: Int, isTaken: Boolean) {
        calls--
        while (buffers.size > begun) {
            val free = buffers.removeAt(buffers.lastIndex)
            if (!isTaken) free()
        }
    }

    companion object {
        private val own = ThreadLocal.withInitial { Lowering() }

        /** That of this thread. */
        fun here(): Lowering = own.get()
    }
}

/**
 * What a call answers, all of whose values must be of the types that they say. Where one is refused, what
 * the others were written into is freed.
 */
internal inline fun <T> crossing(call: () -> T): T {
    val lowering = Lowering.here()
    val begun = lowering.begin()
    var isTaken = false
    try {
        return call().also { isTaken = true }
    } catch (_: NullPointerException) {
        throw valueMalformed()
    } catch (_: ClassCastException) {
        throw valueMalformed()
    } catch (_: NoWhenBranchMatchedException) {
        // A null where one of several kinds is wanted.
        throw valueMalformed()
    } finally {
        lowering.end(begun, isTaken)
    }
}

/** What a value is printed as; one that the library refuses, as a mere name. */
internal inline fun told(value: Any, tell: () -> String): String =
    try {
        tell()
    } catch (_: Exception) {
        value.javaClass.simpleName
    }
