package ru.eschool

import com.sun.jna.Library
import com.sun.jna.Native
import com.sun.jna.Structure

/** How much memory has been taken outside the JVM's own heap. */
object Memory {
    @Structure.FieldOrder(
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )
    open class Mallinfo : Structure() {
        @JvmField var arena = 0L
        @JvmField var ordblks = 0L
        @JvmField var smblks = 0L
        @JvmField var hblks = 0L
        @JvmField var hblkhd = 0L
        @JvmField var usmblks = 0L
        @JvmField var fsmblks = 0L
        @JvmField var uordblks = 0L
        @JvmField var fordblks = 0L
        @JvmField var keepcost = 0L

        class ByValue : Mallinfo(), Structure.ByValue
    }

    /** glibc, whose allocator the library takes its memory from. */
    interface C : Library {
        fun mallinfo2(): Mallinfo.ByValue
    }

    private val c = Native.load("c", C::class.java)

    /** Bytes in use, the large ones that are mapped by themselves among them. */
    fun taken(): Long = c.mallinfo2().let { it.uordblks + it.hblkhd }
}
