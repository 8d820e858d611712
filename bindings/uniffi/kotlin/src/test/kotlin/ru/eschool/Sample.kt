package ru.eschool

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import java.time.Instant
import java.time.LocalDate
import java.util.UUID
import kotlin.test.assertFailsWith
import ru.eschool.core.*

/** The questions that are asked in every language. */
internal val vectors: JsonObject by lazy {
    val file = System.getenv("ESCHOOL_VECTORS") ?: error("ESCHOOL_VECTORS names bindings/vectors.json")
    JsonParser.parseString(File(file).readText()).asJsonObject
}

/** The code that a call throws. */
internal fun codeOf(call: () -> Any?): String = assertFailsWith<ApiException> { call() }.code

internal val annasName: FullName = FullName.of("Ёлкина", "Анна", "Олеговна")
internal val annasSnils: Snils = Snils.parse("112-233-445 95")

internal fun id(number: Long): UUID = UUID(0x019379ab_0000_7000, number)

internal fun at(date: String): At = At(Instant.parse("${date}T07:00:00Z"), LocalDate.parse(date))

internal fun account(born: BirthDate?): Account =
    Account(id(1), id(7), id(1), annasName, born, annasSnils, null, null)

internal fun pupil(born: BirthDate?): Candidate =
    Candidate(account(born), PupilFacts(null, emptyList()), null, null)

internal fun parent(): Candidate {
    val bond = Guardianship(id(1), id(2), Kinship.Mother, null, null, null, false)
    return Candidate(account(null), null, ParentFacts(listOf(ChildFacts(bond, null, null))), null)
}

internal fun facts(candidates: List<Candidate>, password: PasswordCheck? = null): Facts =
    Facts(null, password, candidates, false, emptyList(), emptyList())

internal fun esia(assurance: Assurance, born: BirthDate? = null): Attempt =
    Attempt.Esia(
        EsiaPerson("1000299353", assurance, annasName, born, annasSnils, null, null, emptyList())
    )

internal val byPassword: Attempt = Attempt.Password(PasswordAttempt("pr7_elkina"))
