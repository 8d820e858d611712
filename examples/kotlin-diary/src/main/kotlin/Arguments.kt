// The command line.

import java.net.URI
import java.net.URISyntaxException
import java.time.LocalDate
import ru.eschool.core.ApiException
import ru.eschool.parseDate

internal const val HELP = """Дневник недели в терминале: уроки, отметки, домашние задания, средний балл по предметам и что с ним
сделает ещё одна пятёрка.

  kotlin-diary --portal АДРЕС                 вход в браузере: по карточке или через «Госуслуги»
  kotlin-diary --portal АДРЕС --login ЛОГИН   вход по карточке; пароль спросит, а не с терминала –
                                              первая строка стандартного ввода

  --portal АДРЕС   адрес портала, как https://dnevnik.example.org; http – только на этой машине
  --day ДАТА       неделя этого дня, как 16.09.2024; без него – эта неделя
  --child ИМЯ      чей дневник показать родителю; без него – первого ребёнка
  --no-browser     только напечатать адрес входа, браузер не открывать
  --help           это описание

Коды завершения: 0 – дневник напечатан, 1 – не удалось (причина сказана), 2 – неверная командная строка."""

/** The command line is wrong. */
internal class Misused(override val message: String) : Exception()

/** What the command line asks for. */
internal class Arguments(
    val portal: String,
    val login: String?,
    val day: LocalDate,
    val child: String?,
    val opensBrowser: Boolean,
)

/** Reads the words after the program's name; null if they ask for help. */
internal fun argumentsOf(words: Array<String>): Arguments? {
    val given = mutableMapOf<String, String>()
    var opensBrowser = true
    val rest = words.iterator()
    for (word in rest) {
        when (word) {
            "--help", "-h" -> return null
            "--no-browser" -> opensBrowser = false
            "--portal", "--login", "--day", "--child" ->
                given[word] = if (rest.hasNext()) rest.next() else throw Misused("после $word нужно значение")
            else -> throw Misused("неизвестно, что значит $word")
        }
    }
    val portal = given["--portal"]?.trimEnd('/') ?: throw Misused("нужен --portal")
    // Whoever listens on the way would read a password or a token.
    if (!isSafe(portal)) {
        throw Misused("$portal: адрес портала начинается с https://; с http:// – только на этой же машине")
    }
    val day = try {
        given["--day"]?.let(::parseDate) ?: LocalDate.now()
    } catch (refused: ApiException) {
        throw Misused("--day: ${refused.textRu}")
    }
    return Arguments(portal, given["--login"], day, given["--child"], opensBrowser)
}

private fun isSafe(address: String): Boolean {
    val uri = try {
        URI(address)
    } catch (_: URISyntaxException) {
        return false
    }
    val isHere = uri.host?.lowercase() in setOf("127.0.0.1", "[::1]", "localhost")
    val scheme = uri.scheme?.lowercase()
    return uri.host != null && (scheme == "https" || (scheme == "http" && isHere))
}
