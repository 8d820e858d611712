import Foundation

/// What the command line asks for.
struct Arguments {
    static let help = """
        Дневник недели в терминале: уроки, отметки, домашние задания, средний балл по предметам и что с ним
        сделает ещё одна пятёрка.

          swift-diary --portal АДРЕС                  вход в браузере: по карточке или через «Госуслуги»
          swift-diary --portal АДРЕС --login ЛОГИН    вход по карточке; пароль спросит, а не с терминала –
                                                      первая строка стандартного ввода

          --portal АДРЕС     адрес портала, как https://dnevnik.example.org; http – только на этой машине
          --day ДАТА         неделя этого дня, как 16.09.2024; без него – эта неделя
          --child ИМЯ        чей дневник показать родителю; без него – первого ребёнка
          --no-browser       только напечатать адрес входа, браузер не открывать
          --help             это описание

        Коды завершения: 0 – дневник напечатан, 1 – не удалось (причина сказана), 2 – неверная командная
        строка.
        """

    var portal = URL(fileURLWithPath: "/")
    var login: String?
    var child: String?
    var day: String?
    var opensBrowser = true
    var asksForHelp = false

    /// Reads the words after the program's name.
    init(_ words: [String]) throws {
        var portal: String?
        var words = words[...]
        func value(of option: String) throws -> String {
            guard let value = words.popFirst() else { throw Problem.usage("после \(option) нужно значение") }
            return value
        }
        while let word = words.popFirst() {
            switch word {
            case "--portal": portal = try value(of: word)
            case "--login": login = try value(of: word)
            case "--child": child = try value(of: word)
            case "--day": day = try value(of: word)
            case "--no-browser": opensBrowser = false
            case "--help", "-h": asksForHelp = true
            default: throw Problem.usage("неизвестно, что значит \(word)")
            }
        }
        if asksForHelp { return }
        guard let portal else { throw Problem.usage("нужен --portal") }
        guard let url = URL(string: portal), let scheme = url.scheme, ["http", "https"].contains(scheme),
            let host = url.host
        else { throw Problem.usage("\(portal) – не адрес портала") }
        // On its way through a network anybody could read the password and the diary.
        guard scheme == "https" || ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host) else {
            throw Problem.usage("\(portal): по http – только к порталу на этой же машине, дальше нужен https")
        }
        self.portal = url
    }
}

/// Why there is no diary.
enum Problem: Error {
    /// The command line was wrong.
    case usage(String)
    /// The portal cannot be reached, or says what nobody expects.
    case portal(String)
    /// Whoever it is may not sign in, or may not see this diary.
    case refused(String)
    /// Nobody is signed in, or no longer.
    case ended(String)
    /// The day is between two terms.
    case noTerm(String)

    /// An answer that no portal gives, or one of another time.
    static let unexpected = portal("Портал ответил не так, как ждёт эта программа: обновите её")

    var exitCode: Int32 {
        switch self {
        case .portal, .refused, .ended, .noTerm: return 1
        case .usage: return 2
        }
    }

    var text: String {
        switch self {
        case let .usage(text), let .portal(text), let .refused(text), let .ended(text), let .noTerm(text):
            return text
        }
    }
}
