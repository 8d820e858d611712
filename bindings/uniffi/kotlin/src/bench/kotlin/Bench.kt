// What one call costs that composes a year: `cargo xtask bench --only kotlin` runs it.

import java.io.File
import java.time.LocalDate
import ru.eschool.compose
import ru.eschool.core.DateRange
import ru.eschool.decodeSlice

private const val WARM_UP = 300
private const val ROUNDS = 15
private const val CALLS = 20

/** `slice.json first-day last-day`: nanoseconds a call, a line for each round. */
fun main(arguments: Array<String>) {
    val (file, from, to) = arguments
    val slice = decodeSlice(File(file).readText())
    val range = DateRange.of(LocalDate.parse(from), LocalDate.parse(to))
    // A result that nobody reads could be left out.
    var entries = 0L
    repeat(WARM_UP) { entries += compose(slice, range).days.size }
    repeat(ROUNDS) {
        val begun = System.nanoTime()
        repeat(CALLS) { entries += compose(slice, range).days.size }
        println((System.nanoTime() - begun) / CALLS)
    }
    check(entries > 0)
}
