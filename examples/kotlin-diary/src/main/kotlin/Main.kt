// A diary in a terminal: signs a pupil in by password, or anybody in the system browser, and prints a week.

import java.io.IOException
import kotlin.system.exitProcess
import ru.eschool.core.ApiException
import ru.eschool.core.DateRange
import ru.eschool.decodeDiary
import ru.eschool.decodeTerm
import ru.eschool.worksMet
import ru.eschool.whatIf

fun main(words: Array<String>) {
    try {
        val arguments = argumentsOf(words)
        if (arguments == null) println(HELP) else show(arguments)
    } catch (misused: Misused) {
        stop(2, "${misused.message}\nОписание: kotlin-diary --help")
    } catch (refused: Refused) {
        stop(1, refused.message)
    } catch (refused: ApiException) {
        stop(1, refused.textRu)
    } catch (failed: IOException) {
        stop(1, "Портал не отвечает: ${failed.message ?: failed.javaClass.simpleName}")
    }
}

private fun stop(code: Int, why: String): Nothing {
    System.err.println(plain(why))
    exitProcess(code)
}

private fun show(arguments: Arguments) {
    val portal = Portal(arguments.portal)
    val login = arguments.login
    if (login != null) {
        portal.signIn(login, password() ?: throw Misused("на стандартном вводе нет пароля"))
    } else {
        portal.signIn { address ->
            println("Войдите в браузере:\n$address\n")
            if (arguments.opensBrowser) openInBrowser(address)
        }
    }
    try {
        val children = portal.children()
        val child = when (val name = arguments.child) {
            null -> children.firstOrNull()
            else -> children.firstOrNull { name in it.name } ?: throw Refused("Ребёнка с таким именем нет")
        }
        child?.let { println(plain(listOfNotNull(it.name, it.className, it.school).joinToString(", "))) }
        val week = DateRange.weekOf(arguments.day)
        printWeek(decodeDiary(portal.diary(week, child?.pupil)), week)
        showTerm(portal, child)
    } finally {
        // Whatever failed, nobody stays signed in.
        portal.signOut()
    }
}

private fun showTerm(portal: Portal, child: Child?) {
    val json = try {
        portal.term(child?.pupil)
    } catch (refused: Refused) {
        // Between two terms there is none.
        if (refused.code != "term_not_found") throw refused
        return println(plain(refused.message))
    }
    val term = decodeTerm(json)
    val lines = term.subjects.mapNotNull { subject ->
        val mean = subject.mean ?: return@mapNotNull null
        val five = fiveFor(worksMet(subject))
        MeanLine(subject.subject, mean, five, whatIf(subject, listOf(five)))
    }
    printMeans(term.term.name, lines)
}

/** Typed in a terminal without being shown, else the first line of the standard input. */
private fun password(): String? {
    val console = System.console() ?: return readlnOrNull()
    return console.readPassword("Пароль: ")?.concatToString()
}
