package ru.eschool.core

import java.time.LocalDate
import ru.eschool.ageReachedOn
import ru.eschool.birthDate
import ru.eschool.birthDateOfSomebodyOn
import ru.eschool.fullName
import ru.eschool.fullNamesMatch
import ru.eschool.parseBirthDate

/** A birth date; [toString] hides it. */
public class BirthDate private constructor(
    /** The day. */
    public val date: LocalDate,
) : Comparable<BirthDate> {
    /**
     * The day on which an age is reached, at the month's end where the day is missing.
     *
     * @throws ApiException of code `value_malformed` for a null that Java passes.
     */
    @Throws(ApiException::class)
    public fun reaches(age: AgeSpan): LocalDate = ageReachedOn(age, this)

    /**
     * This date, if somebody alive may have it today.
     *
     * @throws ApiException of code `birth_date_in_future`, `birth_date_too_long_ago`, and `date_invalid` for
     *   a day that no calendar has.
     */
    @Throws(ApiException::class)
    public fun ofSomebodyOn(today: LocalDate): BirthDate = birthDateOfSomebodyOn(this, today)

    override fun toString(): String = "***"

    override fun equals(other: Any?): Boolean = other is BirthDate && date == other.date

    override fun hashCode(): Int = date.hashCode()

    override fun compareTo(other: BirthDate): Int = date.compareTo(other.date)

    public companion object {
        /**
         * A birth date.
         *
         * @throws ApiException of code `date_invalid` for a day that nobody alive is born on.
         */
        @Throws(ApiException::class)
        public fun of(date: LocalDate): BirthDate = birthDate(date)

        /**
         * A birth date from what somebody typed: `31.12.2010` or `2010-12-31`.
         *
         * @throws ApiException of code `date_missing`, `date_invalid`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): BirthDate = parseBirthDate(text)

        internal fun ofWire(days: Long): BirthDate = BirthDate(LocalDate.ofEpochDay(days))
    }
}

/** A full name (*фамилия, имя, отчество*), as it was typed; [toString] hides it. */
public class FullName private constructor(internal val parts: NameParts) {
    /** The family name (*фамилия*). */
    public val family: String get() = parts.family

    /** The given name (*имя*). */
    public val given: String get() = parts.given

    /** The patronymic (*отчество*). */
    public val patronymic: Patronymic get() = parts.patronymic

    /** The whole name, for a page: «Иванова Анна Сергеевна». */
    public val formatted: String
        get() = listOfNotNull(family, given, (patronymic as? Patronymic.Given)?.value).joinToString(" ")

    /**
     * Whether both are the same but for case, ё and е, spaces and look-alike Latin letters.
     *
     * @throws ApiException of code `value_malformed` for a null that Java passes.
     */
    @Throws(ApiException::class)
    public fun matches(other: FullName): Boolean = fullNamesMatch(this, other)

    override fun toString(): String = "***"

    override fun equals(other: Any?): Boolean = other is FullName && parts == other.parts

    override fun hashCode(): Int = parts.hashCode()

    public companion object {
        /**
         * A name of its parts; `-` or `нет` for a patronymic that there is none of.
         *
         * @throws ApiException of code `name_missing`, `name_malformed`, `name_too_long`, with the part as
         *   `field`.
         */
        @Throws(ApiException::class)
        public fun of(family: String, given: String, patronymic: String? = null): FullName =
            fullName(family, given, patronymic)

        internal fun ofWire(parts: NameParts): FullName = FullName(parts)
    }
}
