package ru.eschool

import java.time.LocalDate
import ru.eschool.core.ApiException
import ru.eschool.core.At
import ru.eschool.core.Attempt
import ru.eschool.core.BirthDate
import ru.eschool.core.DatedRules
import ru.eschool.core.Facts
import ru.eschool.core.Refusal
import ru.eschool.core.RuleInWords
import ru.eschool.core.Rules

/**
 * Who signs in how, from which day (*порядок авторизации*). One that exists is sound: no rule is
 * missing, unknown or contradictory.
 */
public class SignInPolicy private constructor(
    /** The policy as regions write it down. */
    public val json: String,
) {
    /** Its name. */
    public val name: String get() = policyName(this)

    /**
     * The rules of a day, by the school's date.
     *
     * @throws ApiException of code `date_invalid` for a day that no calendar has.
     */
    @Throws(ApiException::class)
    public fun rulesOn(day: LocalDate): Rules = ru.eschool.rulesOn(this, day)

    /** The policy told in words, rule by rule. */
    public fun inWords(): List<RuleInWords> = policyInWords(this)

    /**
     * The first day on which a pupil's password opens nothing any more, if there is one.
     *
     * @throws ApiException of code `date_invalid` for a day that no calendar has.
     */
    @Throws(ApiException::class)
    public fun passwordEnds(born: BirthDate?, today: LocalDate): LocalDate? =
        ru.eschool.passwordEnds(this, born, today)

    /**
     * The same day, if it is near enough for the pupil to be told.
     *
     * @throws ApiException of code `date_invalid` for a day that no calendar has.
     */
    @Throws(ApiException::class)
    public fun passwordNotice(born: BirthDate?, today: LocalDate): LocalDate? =
        ru.eschool.passwordNotice(this, born, today)

    /**
     * Why a pupil gets no registration card on a day; none for who gets one.
     *
     * @throws ApiException of code `date_invalid` for a day that no calendar has.
     */
    @Throws(ApiException::class)
    public fun cardRefusal(born: BirthDate?, today: LocalDate): Refusal? =
        ru.eschool.cardRefusal(this, born, today)

    /**
     * The first step of a sign-in: refuses what no role could accept, else says by which keys to look.
     *
     * @throws ApiException of code `date_invalid` and `instant_invalid` for a day and an instant that no
     *   calendar has.
     */
    @Throws(ApiException::class)
    public fun admit(attempt: Attempt, at: At): Admission = ru.eschool.admit(this, attempt, at)

    /**
     * The second step: judges what was found, role by role; any role that grants, grants.
     *
     * @throws ApiException of code `date_invalid` and `instant_invalid` for a day and an instant that no
     *   calendar has.
     */
    @Throws(ApiException::class)
    public fun decide(facts: Facts, attempt: Attempt, at: At): Verdict =
        ru.eschool.decide(this, facts, attempt, at)

    override fun equals(other: Any?): Boolean = other is SignInPolicy && json == other.json

    override fun hashCode(): Int = json.hashCode()

    override fun toString(): String = "SignInPolicy($name)"

    public companion object {
        /** The names of the regimes that are ready-made. */
        public val presets: List<String> get() = policyPresets()

        /**
         * A ready-made regime: `ryazan_2022`, `udmurtia_2023`, `ryazan_2024`.
         *
         * @throws ApiException of code `preset_unknown`.
         */
        @Throws(ApiException::class)
        public fun preset(name: String): SignInPolicy = policyPreset(name)

        /**
         * A policy as regions write it down.
         *
         * @throws ApiException of code `policy_malformed` for a text that does not read, and
         *   `policy_unknown`, `policy_missing`, `policy_contradiction`, `policy_name_malformed` with the rule
         *   as `field`.
         */
        @Throws(ApiException::class)
        public fun parse(json: String): SignInPolicy = parsePolicy(json)

        /**
         * A policy of its rules: the first ones, and those that follow from a day on.
         *
         * @throws ApiException of code `policy_unknown`, `policy_missing`, `policy_contradiction`,
         *   `policy_name_malformed` with the rule as `field`, and `date_invalid` for a day that no calendar
         *   has.
         */
        @Throws(ApiException::class)
        public fun of(name: String, first: Rules, later: List<DatedRules> = emptyList()): SignInPolicy =
            signInPolicy(name, first, later)

        internal fun ofWire(json: String): SignInPolicy = SignInPolicy(json)
    }
}
