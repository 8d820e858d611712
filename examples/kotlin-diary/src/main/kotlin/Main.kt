// A diary in a terminal: signs a pupil in by password, or anybody in the system browser, and prints a week.

import java.time.LocalDate
import java.time.format.DateTimeParseException
import kotlin.system.exitProcess
import ru.eschool.core.ApiException
import ru.eschool.core.DateRange
import ru.eschool.decodeDiary
import ru.eschool.decodeTerm
import ru.eschool.worksMet
import ru.eschool.whatIf

private const val HELP = """Дневник в терминале.

  kotlin-diary --portal АДРЕС                 войти в браузере: по карте или через «Госуслуги»
  kotlin-diary --portal АДРЕС --login ЛОГИН   войти по карте; пароль спрашивается

Адрес начинается с https://; с http:// – только портал на этой же машине. Пароль читается с терминала, а где
его нет – со стандартного ввода.

  --day ГГГГ-ММ-ДД   день недели, которую показать; без него – сегодня
  --child ИМЯ        чей дневник показать родителю; без него – первого ребёнка
  --help             эта подсказка

Коды выхода: 0 – дневник показан, 1 – не удалось (причина сказана), 2 – ошибка в командной строке."""

private data class Options(
    val portal: String,
    val login: String?,
    val day: LocalDate,
    val child: String?,
)

fun main(arguments: Array<String>) {
    if ("--help" in arguments) {
        println(HELP)
        return
    }
    val options = optionsOf(arguments) ?: run {
        System.err.println(HELP)
        exitProcess(2)
    }
    try {
        show(options)
    } catch (refused: Refused) {
        stop(refused.message)
    } catch (refused: ApiException) {
        stop(refused.textRu)
    } catch (failed: java.io.IOException) {
        stop("Портал не отвечает: ${failed.message ?: failed.javaClass.simpleName}")
    }
}

private fun stop(why: String): Nothing {
    System.err.println(why)
    exitProcess(1)
}

private fun optionsOf(arguments: Array<String>): Options? {
    val known = setOf("--portal", "--login", "--day", "--child")
    val given = arguments.toList().chunked(2).associate { it.first() to it.getOrNull(1) }
    if (given.keys.any { it !in known } || given.values.any { it == null }) return null
    val day = try {
        given["--day"]?.let(LocalDate::parse) ?: LocalDate.now()
    } catch (_: DateTimeParseException) {
        return null
    }
    val portal = given["--portal"]?.trimEnd('/') ?: return null
    return Options(portal, given["--login"], day, given["--child"])
}

private fun show(options: Options) {
    val portal = Portal(options.portal)
    val login = options.login
    if (login != null) {
        portal.signIn(login, password() ?: throw Refused("Пароль не введён"))
    } else {
        portal.signIn { address -> println("Откройте в браузере:\n$address\n") }
    }
    try {
        val children = portal.children()
        val child = when (val name = options.child) {
            null -> children.firstOrNull()
            else -> children.firstOrNull { name in it.name } ?: throw Refused("Ребёнка с таким именем нет")
        }
        child?.let { println(listOfNotNull(it.name, it.className, it.school).joinToString(", ")) }

        val week = DateRange.weekOf(options.day)
        printWeek(decodeDiary(portal.diary(week, child?.pupil)), week)

        val term = decodeTerm(portal.term(child?.pupil))
        val lines = term.subjects.mapNotNull { subject ->
            val mean = subject.mean ?: return@mapNotNull null
            val five = fiveFor(worksMet(subject))
            MeanLine(subject.subject, mean, five, whatIf(subject, listOf(five)))
        }
        printMeans(term.term.name, lines)
    } finally {
        portal.signOut()
    }
}

/** Typed in a terminal without being shown, else the first line of the standard input. */
private fun password(): String? {
    val console = System.console() ?: return readlnOrNull()
    return console.readPassword("Пароль: ")?.concatToString()
}
