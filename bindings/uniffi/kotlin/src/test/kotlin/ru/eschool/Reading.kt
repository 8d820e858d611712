package ru.eschool

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.time.Instant
import java.time.LocalDate
import java.util.UUID
import ru.eschool.core.*

// The vectors' JSON as what it tells of, field by field. What nobody reads fails, so that nothing that
// the file says is left out.

/** An object of which every field is read. */
internal class Fields(private val json: JsonObject) {
    private val read = mutableSetOf<String>()

    fun <T> maybe(name: String, read: (JsonElement) -> T): T? {
        this.read += name
        return json[name]?.takeUnless { it.isJsonNull }?.let(read)
    }

    fun <T> one(name: String, read: (JsonElement) -> T): T = maybe(name, read) ?: error("no $name in $json")

    /** A list; the wire leaves out most that are empty. */
    fun <T> list(name: String, read: (JsonElement) -> T): List<T> =
        maybe(name) { it.asJsonArray.map(read) }.orEmpty()

    fun end() = check(read.containsAll(json.keySet())) { "nobody reads ${json.keySet() - read}" }
}

/** Reads an object to its last field. */
internal fun <T> JsonElement.whole(read: Fields.() -> T): T =
    Fields(asJsonObject).let { fields -> fields.read().also { fields.end() } }

/** The one of these values that is written so. */
internal fun <T> known(vararg values: T): (JsonElement) -> T =
    { json -> values.singleOrNull { "$it" == json.asString } ?: error("nobody knows $json here") }

internal fun text(json: JsonElement): String = json.asString
internal fun truth(json: JsonElement): Boolean = json.asBoolean
internal fun date(json: JsonElement): LocalDate = LocalDate.parse(json.asString)
internal fun instant(json: JsonElement): Instant = Instant.parse(json.asString)
internal fun born(json: JsonElement): BirthDate = BirthDate.parse(json.asString)
private fun id(json: JsonElement): UUID = UUID.fromString(json.asString)
private fun snils(json: JsonElement): Snils = Snils.parse(json.asString)
private fun phone(json: JsonElement): MobilePhone = MobilePhone.parse(json.asString)
private fun email(json: JsonElement): Email = Email.parse(json.asString)

private fun name(json: JsonElement): FullName = json.whole {
    FullName.of(one("family", ::text), one("given", ::text), one("patronymic") { it.whole { one("given", ::text) } })
}

// The type that no version has is nobody's.
private val assurance =
    known(Assurance.Unconfirmed, Assurance.Child, Assurance.Confirmed, Assurance.Unknown("standard"))
private val duty = known(Duty.Administrator, Duty.Registrar)
private val kinship = known(Kinship.Mother, Kinship.Father, Kinship.Guardian)
private val purpose = known(ConsentPurpose.SchoolPortfolio, ConsentPurpose.PersonalData)
private val step = known(
    NextStep.CheckEsiaAccount, NextStep.SignInAsOther, NextStep.UseEsia, NextStep.UsePassword,
    NextStep.RestorePassword, NextStep.TryLater, NextStep.AskClassTeacher, NextStep.AskRegistrar,
    NextStep.AskAdministrator, NextStep.AskSupport,
)

internal fun at(json: JsonElement): At = json.whole { At(one("instant", ::instant), one("date", ::date)) }

internal fun attempt(json: JsonElement): Attempt = json.whole {
    maybe("password") { it.whole { Attempt.Password(PasswordAttempt(one("login", ::text))) } }
        ?: Attempt.Esia(one("esia", ::esiaPerson))
}

private fun esiaPerson(json: JsonElement): EsiaPerson = json.whole {
    EsiaPerson(
        one("oid", ::text), one("assurance", assurance), one("name", ::name), maybe("birthDate", ::born),
        maybe("snils", ::snils), maybe("verifiedPhone", ::phone), maybe("verifiedEmail", ::email),
        list("children", ::esiaChild),
    )
}

private fun esiaChild(json: JsonElement): EsiaChild = json.whole {
    EsiaChild(maybe("name", ::name), maybe("birthDate", ::born), maybe("snils", ::snils))
}

internal fun facts(json: JsonElement): Facts = json.whole {
    Facts(
        maybe("lockedUntil", ::instant),
        maybe("password") { PasswordCheck.valueOf(text(it).uppercase()) },
        list("candidates", ::candidate), one("phoneIsShared", ::truth),
        list("keptApart") { it.whole { KeptApart(one("one", ::id), one("other", ::id)) } },
        list("contacts", ::contacts),
    )
}

private fun candidate(json: JsonElement): Candidate = json.whole {
    Candidate(
        one("account", ::account),
        maybe("pupil") { it.whole { PupilFacts(maybe("until", ::date), list("consents", ::consent)) } },
        maybe("parent") { it.whole { ParentFacts(list("children", ::childFacts)) } },
        maybe("staff") {
            it.whole { StaffFacts(list("classTeacherOf", ::id), list("duties", duty), maybe("until", ::date)) }
        },
    )
}

private fun account(json: JsonElement): Account = json.whole {
    Account(
        one("id", ::id), one("school", ::id), one("person", ::id), one("name", ::name), maybe("birthDate", ::born),
        maybe("snils", ::snils), maybe("phone", ::phone), maybe("email", ::email),
    )
}

private fun consent(json: JsonElement): Consent = json.whole {
    Consent(
        one("giver", ::id), one("pupil", ::id), one("purpose", purpose), one("from", ::date),
        maybe("until", ::date), maybe("revoked", ::date),
    )
}

private fun childFacts(json: JsonElement): ChildFacts = json.whole {
    ChildFacts(one("guardianship", ::guardianship), maybe("birthDate", ::born), maybe("until", ::date))
}

private fun guardianship(json: JsonElement): Guardianship = json.whole {
    Guardianship(
        one("parent", ::id), one("child", ::id), one("kinship", kinship), maybe("legalRepresentative", ::truth),
        maybe("from", ::date), maybe("until", ::date), one("barred", ::truth),
    )
}

private fun contacts(json: JsonElement): SchoolContacts = json.whole {
    SchoolContacts(
        one("school", ::id), one("name", ::text), maybe("telephone", ::text), maybe("email", ::text),
        maybe("site", ::text),
    )
}

/** What the first step is to say, and the words of a refusal. */
internal fun admission(json: JsonElement): Pair<Admission, RefusalInWords?> = json.whole {
    when (val outcome = one("outcome", ::text)) {
        "admitted" -> Admission.Admitted(one("keys", ::keys)) to null
        "refused" -> Admission.Refused(one("refusal", ::refusal)) to one("words", ::words)
        else -> error("nobody knows the outcome $outcome")
    }
}

/** What the second step is to say, and the words of a refusal. */
internal fun verdict(json: JsonElement): Pair<Verdict, RefusalInWords?> = json.whole {
    when (val outcome = one("outcome", ::text)) {
        "granted" -> Verdict.Granted(one("grant", ::grant)) to null
        "refused" -> Verdict.Refused(one("refusal", ::refusal)) to one("words", ::words)
        else -> error("nobody knows the outcome $outcome")
    }
}

private fun keys(json: JsonElement): LookupKeys = json.whole {
    maybe("login") { LookupKeys.Login(text(it)) }
        ?: one("esia") { it.whole { LookupKeys.Esia(maybe("snils", ::snils), maybe("phone", ::phone)) } }
}

private fun grant(json: JsonElement): Grant = json.whole {
    Grant(
        one("person", ::id), list("accounts", ::accountGrant), one("chooseSchool", ::truth),
        maybe("passwordEnds", ::date), maybe("validUntil", ::date),
    )
}

private fun accountGrant(json: JsonElement): AccountGrant = json.whole {
    AccountGrant(one("account", ::id), one("school", ::id), list("roles", ::role))
}

private fun role(json: JsonElement): GrantedRole = json.whole {
    when (val role = one("role", ::text)) {
        "pupil" -> GrantedRole.Pupil
        "parent" -> GrantedRole.Parent(list("children", ::id))
        "staff" -> GrantedRole.Staff(list("classTeacherOf", ::id), list("duties", duty))
        else -> error("nobody knows the role $role")
    }
}

private fun refusal(json: JsonElement): Refusal = json.whole {
    val details = RefusalDetails(
        list("accounts", assurance),
        list("consents") {
            it.whole {
                WantedConsent(one("purpose", purpose), list("givers", known(ConsentGiver.Parent, ConsentGiver.Pupil)))
            }
        },
        maybe("role", known(Role.Pupil, Role.Parent, Role.Staff)), list("contacts", ::contacts),
    )
    Refusal(
        one("code", known(*refusalCodes().toTypedArray())), list("next", step), maybe("until", ::instant),
        maybe("threshold") { it.whole { AgeSpan(one("years", ::small), one("months", ::small)) } }, details,
        maybe("case") { CaseCode.parse(text(it)) },
    )
}

internal fun small(json: JsonElement): UByte = json.asInt.toUByte()

private fun words(json: JsonElement): RefusalInWords = json.whole {
    RefusalInWords(
        one("textRu", ::text), one("textEn", ::text),
        list("next") { it.whole { StepInWords(one("step", step), one("textRu", ::text), one("textEn", ::text)) } },
    )
}
