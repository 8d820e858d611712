import Eschool
import Foundation

/// Signs in at a portal and prints the week.
@main
struct Program {
    static func main() async {
        do {
            let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
            if arguments.asksForHelp {
                print(Arguments.help)
            } else {
                try await run(arguments)
            }
        } catch let problem as Problem {
            fail(problem)
        } catch let error as ApiError {
            fail(.portal(error.textRu))
        } catch {
            fail(.portal(error.localizedDescription))
        }
    }

    private static func run(_ arguments: Arguments) async throws {
        let week = try week(of: arguments.day)
        let portal = Portal(address: arguments.portal)
        try await signIn(portal, arguments)
        do {
            try await show(portal, week, to: arguments.child)
        } catch {
            // Whatever failed, nobody stays signed in.
            await portal.signOut()
            throw error
        }
        await portal.signOut()
    }

    private static func show(_ portal: Portal, _ week: DateRange, to wanted: String?) async throws {
        let children = try await children(portal)
        let child = wanted.map { name in children.first { $0.name.contains(name) } } ?? children.first
        if wanted != nil, child == nil { throw Problem.refused("Ребёнка с таким именем нет") }
        if let child { say(child.name) }
        try await show(portal, week, child.map { [("pupil", $0.id)] } ?? [])
    }

    private static func week(of day: String?) throws -> DateRange {
        do {
            guard let day else {
                let today = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: Date())
                return try DateRange.week(of: today)
            }
            return try DateRange.week(of: parseDate(text: day))
        } catch let error as ApiError {
            throw Problem.usage(error.textRu)
        }
    }

    private static func signIn(_ portal: Portal, _ arguments: Arguments) async throws {
        let signIn = SignIn(portal: portal)
        guard let login = arguments.login else {
            return try await signIn.inBrowser(opening: arguments.opensBrowser)
        }
        guard let password = readHiddenLine("Пароль: ") else {
            throw Problem.usage("на стандартном вводе нет пароля")
        }
        try await signIn.byCard(login: login, password: password)
    }

    /// A parent's children; a pupil has none, and is asked for nobody else's diary.
    private static func children(_ portal: Portal) async throws -> [(id: String, name: String)] {
        let answer = try await portal.get("children")
        let json = try? JSONSerialization.jsonObject(with: Data(answer.utf8))
        guard let rows = json as? [[String: Any]] else { throw Problem.unexpected }
        return try rows.map { row in
            guard let id = row["pupil"] as? String else { throw Problem.unexpected }
            let name = row["name"] as? [String: Any]
            let words = ["family", "given"].compactMap { name?[$0] as? String }.joined(separator: " ")
            let place = [row["class"], row["schoolName"]].compactMap { $0 as? String }
            return (id, ([words] + place).joined(separator: ", "))
        }
    }

    private static func show(_ portal: Portal, _ week: DateRange, _ whose: [(String, String)]) async throws {
        let days = [("from", iso(week.from)), ("to", iso(week.to))]
        let diary = try await decodeDiary(json: portal.get("diary", days + whose))
        lines(of: diary).forEach(say)
        do {
            let term = try await decodeTerm(json: portal.get("term", whose))
            try lines(of: term).forEach(say)
        } catch let Problem.noTerm(why) {
            say("\n\(why)")
        }
    }

    private static func iso(_ day: NaiveDate) -> String {
        let parts = [day.year ?? 0, day.month ?? 0, day.day ?? 0]
        return parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: "-")
    }

    private static func fail(_ problem: Problem) -> Never {
        FileHandle.standardError.write(Data("\(plain(problem.text))\n".utf8))
        if case .usage = problem {
            FileHandle.standardError.write(Data("Описание: swift-diary --help\n".utf8))
        }
        exit(problem.exitCode)
    }
}
