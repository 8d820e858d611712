package ru.eschool.core

import java.time.LocalDate
import ru.eschool.dateRange
import ru.eschool.gradingWithFavour
import ru.eschool.gradingWithSign
import ru.eschool.gradingWithThreshold
import ru.eschool.mean
import ru.eschool.meanShown
import ru.eschool.parseWeight
import ru.eschool.plainGrading
import ru.eschool.proposedFinal
import ru.eschool.weekOf
import ru.eschool.weight
import ru.eschool.weightShown

/** Days from one to another, both included. */
@ConsistentCopyVisibility
public data class DateRange internal constructor(
    /** The first day. */
    override val start: LocalDate,
    /** The last day. */
    override val endInclusive: LocalDate,
) : ClosedRange<LocalDate> {
    internal val wire: List<Long> get() = listOf(start.toEpochDay(), endInclusive.toEpochDay())

    /** Every day of it, in order. */
    public fun days(): Sequence<LocalDate> =
        generateSequence(start) { day -> day.plusDays(1).takeIf { it <= endInclusive } }

    override fun toString(): String = "$start..$endInclusive"

    public companion object {
        /**
         * Days from one to another.
         *
         * @throws ApiException of code `range_reversed`, and `date_invalid` for a day that no calendar has.
         */
        @Throws(ApiException::class)
        public fun of(from: LocalDate, to: LocalDate): DateRange = dateRange(from, to)

        /**
         * The week of a day, Monday to Sunday.
         *
         * @throws ApiException of code `date_invalid` for a day that no calendar has.
         */
        @Throws(ApiException::class)
        public fun weekOf(day: LocalDate): DateRange = ru.eschool.weekOf(day)

        internal fun ofWire(ends: List<Long>): DateRange =
            DateRange(LocalDate.ofEpochDay(ends.first()), LocalDate.ofEpochDay(ends.last()))
    }
}

/** The weight (*вес*) of a work, in hundredths. */
public class Weight private constructor(
    /** The weight in hundredths, 1 to 10 000. */
    public val hundredths: UInt,
) : Comparable<Weight> {
    override fun toString(): String = weightShown(this)

    override fun equals(other: Any?): Boolean = other is Weight && hundredths == other.hundredths

    override fun hashCode(): Int = hundredths.hashCode()

    override fun compareTo(other: Weight): Int = hundredths.compareTo(other.hundredths)

    public companion object {
        /**
         * A weight of so many hundredths.
         *
         * @throws ApiException of code `weight_invalid`.
         */
        @Throws(ApiException::class)
        public fun of(hundredths: UInt): Weight = weight(hundredths)

        /**
         * A weight from what somebody typed: `3`, `1.5`, `1,5`.
         *
         * @throws ApiException of code `weight_invalid`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): Weight = parseWeight(text)

        internal fun ofWire(hundredths: UInt): Weight = Weight(hundredths)
    }
}

/** A weighted mean (*средний балл*), exact; [toString] is how it is shown, `4.25`. */
@ConsistentCopyVisibility
public data class Mean internal constructor(
    /** The sum of points by weights, in lowest terms. */
    public val sum: ULong,
    /** The sum of weights, in lowest terms. */
    public val weights: ULong,
) {
    internal val wire: List<ULong> get() = listOf(sum, weights)

    override fun toString(): String = meanShown(this)

    public companion object {
        /**
         * The mean of a sum by weights.
         *
         * @throws ApiException of code `mean_out_of_scale`.
         */
        @Throws(ApiException::class)
        public fun of(sum: ULong, weights: ULong): Mean = mean(sum, weights)

        internal fun ofWire(ratio: List<ULong>): Mean = Mean(ratio.first(), ratio.last())
    }
}

/** A school's own rules of assessment: what a sign counts, and which mark a mean comes to. */
public class Grading private constructor(internal val wire: List<UShort>) {
    /** How much a sign counts, in hundredths of a mark. */
    public val sign: UShort get() = wire.first()

    /** From which mean in hundredths 2, 3, 4 and 5 are proposed. */
    public val thresholds: List<UShort> get() = wire.subList(1, wire.lastIndex)

    /** Whether the mean that is shown decides, not the exact one. */
    public val isInFavour: Boolean get() = wire.last() == 1.toUShort()

    /**
     * The same rules, with a sign that counts so many hundredths of a mark.
     *
     * @throws ApiException of code `grading_sign`.
     */
    @Throws(ApiException::class)
    public fun withSign(hundredths: UShort): Grading = gradingWithSign(this, hundredths)

    /**
     * The same rules, with a mark proposed from a mean of so many hundredths on.
     *
     * @throws ApiException of code `grading_threshold`, and `mark_malformed` for points that are not 1 to 5.
     */
    @Throws(ApiException::class)
    public fun withThreshold(points: UByte, hundredths: UShort): Grading =
        gradingWithThreshold(this, points, hundredths)

    /** The same rules, in the pupil's favour or not. */
    public fun withFavour(inFavour: Boolean): Grading = gradingWithFavour(this, inFavour)

    /**
     * The final mark that a mean comes to.
     *
     * @throws ApiException of code `value_malformed` for a null that Java passes.
     */
    @Throws(ApiException::class)
    public fun proposed(mean: Mean): UByte = proposedFinal(this, mean)

    override fun equals(other: Any?): Boolean = other is Grading && wire == other.wire

    override fun hashCode(): Int = wire.hashCode()

    override fun toString(): String = "Grading(sign=$sign, thresholds=$thresholds, isInFavour=$isInFavour)"

    public companion object {
        /** The plain rules: a sign counts nothing, a half is rounded up. */
        public fun plain(): Grading = plainGrading()

        internal fun ofWire(parts: List<UShort>): Grading = Grading(parts)
    }
}

/** What a newer version wrote, kept to be handed on; [toString] hides it. */
@ConsistentCopyVisibility
public data class UnknownContent internal constructor(
    /** What was written, as JSON. */
    public val json: String,
) {
    override fun toString(): String = "***"
}
