package ru.eschool.core

import ru.eschool.parseCaseCode
import ru.eschool.parseEmail
import ru.eschool.parseLogin
import ru.eschool.parsePhone
import ru.eschool.parseSnils

/**
 * СНИЛС: the number of a person's insurance account. One that exists is right.
 *
 * [toString] hides all but the last two digits, so that a log line tells nobody's number (152-ФЗ);
 * [formatted] is the number itself.
 */
public class Snils private constructor(internal val wire: String) : Comparable<Snils> {
    /** The number as documents have it: `112-233-445 95`. */
    public val formatted: String get() = wire

    /** The eleven digits. */
    public val digits: String get() = wire.filter(Char::isDigit)

    override fun toString(): String = "***-***-*** ${wire.takeLast(2)}"

    override fun equals(other: Any?): Boolean = other is Snils && wire == other.wire

    override fun hashCode(): Int = wire.hashCode()

    override fun compareTo(other: Snils): Int = wire.compareTo(other.wire)

    public companion object {
        /**
         * A number from what somebody typed, with spaces and hyphens or without.
         *
         * @throws ApiException of code `snils_missing`, `snils_malformed`, `snils_zero`, `snils_checksum`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): Snils = parseSnils(text)

        internal fun ofWire(wire: String): Snils = Snils(wire)
    }
}

/**
 * A mobile phone. One that exists is a number in E.164, of Russia a mobile one.
 *
 * [toString] hides all but the last two digits; [e164] is the number itself.
 */
public class MobilePhone private constructor(internal val wire: String) : Comparable<MobilePhone> {
    /** The number in E.164: `+79123456789`. */
    public val e164: String get() = wire

    override fun toString(): String = "***${wire.takeLast(2)}"

    override fun equals(other: Any?): Boolean = other is MobilePhone && wire == other.wire

    override fun hashCode(): Int = wire.hashCode()

    override fun compareTo(other: MobilePhone): Int = wire.compareTo(other.wire)

    public companion object {
        /**
         * A number from what somebody typed; of another country only with `+`.
         *
         * @throws ApiException of code `phone_missing`, `phone_malformed`, `phone_not_mobile`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): MobilePhone = parsePhone(text)

        internal fun ofWire(wire: String): MobilePhone = MobilePhone(wire)
    }
}

/** An e-mail address; [toString] hides it. */
public class Email private constructor(internal val wire: String) {
    /** The address. */
    public val address: String get() = wire

    override fun toString(): String = "***"

    override fun equals(other: Any?): Boolean = other is Email && wire == other.wire

    override fun hashCode(): Int = wire.hashCode()

    public companion object {
        /**
         * An address from what somebody typed.
         *
         * @throws ApiException of code `email_malformed`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): Email = parseEmail(text)

        internal fun ofWire(wire: String): Email = Email(wire)
    }
}

/** The login of a registration card; [toString] hides it. */
public class Login private constructor(internal val wire: String) {
    /** The login, in small letters. */
    public val text: String get() = wire

    override fun toString(): String = "***"

    override fun equals(other: Any?): Boolean = other is Login && wire == other.wire

    override fun hashCode(): Int = wire.hashCode()

    public companion object {
        /**
         * A login from what somebody typed.
         *
         * @throws ApiException of code `login_malformed`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): Login = parseLogin(text)

        internal fun ofWire(wire: String): Login = Login(wire)
    }
}

/** The short code (*код обращения*) under which what ЕСИА said is kept; [toString] hides it. */
public class CaseCode private constructor(internal val wire: String) {
    /** The code as it is read out: `7Q4-K2M`. */
    public val formatted: String get() = wire

    override fun toString(): String = "***"

    override fun equals(other: Any?): Boolean = other is CaseCode && wire == other.wire

    override fun hashCode(): Int = wire.hashCode()

    public companion object {
        /**
         * A code as it was read out: case, hyphen and look-alike letters do not matter.
         *
         * @throws ApiException of code `case_code_malformed`.
         */
        @Throws(ApiException::class)
        public fun parse(text: String): CaseCode = parseCaseCode(text)

        internal fun ofWire(wire: String): CaseCode = CaseCode(wire)
    }
}
