import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// What a portal gave whoever signed in; it stays within this program.
struct Tokens {
    let access: String
    /// What another access is got for, once; a sign-in by card gives none.
    let refresh: String?
}

/// A portal's `/api/v1`.
final class Portal {
    static let client = "swift-diary"

    private static let usualPorts = ["http": 80, "https": 443]

    let address: URL
    private var tokens: Tokens?

    init(address: URL) {
        self.address = address
    }

    /// Where the portal is, without a path, as it names itself.
    var origin: String {
        let (scheme, host) = (address.scheme?.lowercased() ?? "", address.host?.lowercased() ?? "")
        // An address of IPv6 stands in brackets, and the port that goes without saying is not said.
        let name = host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        let port = address.port.flatMap { $0 == Self.usualPorts[scheme] ? nil : ":\($0)" } ?? ""
        return "\(scheme)://\(name)\(port)"
    }

    /// The address of a request.
    func url(_ path: String, _ query: [(String, String)] = []) throws -> URL {
        let query = query.isEmpty ? "" : "?" + form(query)
        guard let url = URL(string: "\(origin)/api/v1/\(path)\(query)") else {
            throw Problem.portal("Из \(address) не выходит адреса")
        }
        return url
    }

    /// What the portal answers, as JSON.
    func get(_ path: String, _ query: [(String, String)] = []) async throws -> String {
        try await send(URLRequest(url: url(path, query)))
    }

    /// What it answers to a form.
    func post(_ path: String, form fields: [(String, String)]) async throws -> String {
        try await post(path, form(fields), as: "application/x-www-form-urlencoded")
    }

    /// What it answers to JSON.
    func post(_ path: String, json: [String: String]) async throws -> String {
        let body = try JSONSerialization.data(withJSONObject: json)
        return try await post(path, String(decoding: body, as: UTF8.self), as: "application/json")
    }

    /// Takes the access that a sign-in was answered with, under this name.
    func signIn(_ answer: String, _ name: String) throws {
        let fields = (try? JSONSerialization.jsonObject(with: Data(answer.utf8))) as? [String: Any]
        guard let access = fields?[name] as? String else { throw Problem.portal("Портал не дал доступа") }
        tokens = Tokens(access: access, refresh: fields?["refresh_token"] as? String)
    }

    /// Ends the access of this program, if it has one. Where that fails, it has ended already, or the
    /// person can end it on the page «Устройства».
    func signOut() async {
        guard tokens != nil, let address = try? url("token") else { return }
        var request = URLRequest(url: address)
        request.httpMethod = "DELETE"
        _ = try? await send(request)
    }

    private func post(_ path: String, _ body: String, as type: String) async throws -> String {
        var request = URLRequest(url: try url(path))
        request.httpMethod = "POST"
        request.setValue(type, forHTTPHeaderField: "Content-Type")
        request.httpBody = Data(body.utf8)
        return try await send(request)
    }

    /// Sends a request; where the access is over, once more with a new one.
    private func send(_ request: URLRequest) async throws -> String {
        do {
            return try await sendOnce(request)
        } catch let problem as Problem {
            guard case .ended = problem, let refresh = tokens?.refresh else { throw problem }
            // It is good once: who brings it twice is taken for a thief (RFC 9700).
            tokens = nil
            let answer = try await post("token", form: [
                ("grant_type", "refresh_token"), ("client_id", Self.client), ("refresh_token", refresh),
            ])
            try signIn(answer, "access_token")
            return try await sendOnce(request)
        }
    }

    /// Keeps nothing on the disk, and follows nobody who would have the password elsewhere.
    private static let session = URLSession(
        configuration: .ephemeral, delegate: NoRedirects(), delegateQueue: nil)

    private func sendOnce(_ request: URLRequest) async throws -> String {
        var request = request
        request.timeoutInterval = 30
        if let tokens { request.setValue("Bearer \(tokens.access)", forHTTPHeaderField: "Authorization") }
        let (data, response): (Data, URLResponse)
        do {
            (data, response) = try await Self.session.data(for: request)
        } catch {
            throw Problem.portal("Портал не отвечает: \(error.localizedDescription)")
        }
        let text = String(decoding: data, as: UTF8.self)
        let status = (response as? HTTPURLResponse)?.statusCode ?? 0
        guard (200..<300).contains(status) else { throw refusal(text, status) }
        return text
    }

    /// An answer that is no diary, in the portal's own words: what is wrong, and what to do.
    private func refusal(_ text: String, _ status: Int) -> Problem {
        let answer = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
        let said = (answer?["textRu"] ?? answer?["error_description"]) as? String
        let next = (answer?["next"] as? [[String: Any]] ?? []).compactMap { $0["textRu"] as? String }
        let told = [said ?? "Портал ответил \(status)"] + next.map { "  – \($0)" }
        let words = told.joined(separator: "\n")
        if answer?["code"] as? String == "term_not_found" { return .noTerm(words) }
        switch status {
        case 401: return .ended(words)
        case 403: return .refused(words)
        default: return .portal(words)
        }
    }
}

/// Fields as a form has them.
func form(_ fields: [(String, String)]) -> String {
    var plain = CharacterSet.alphanumerics
    plain.insert(charactersIn: "-._~")
    // Letters beyond ASCII count as alphanumerics, and have to be escaped too.
    plain.formIntersection(CharacterSet(charactersIn: "\u{21}"..."\u{7E}"))
    func escaped(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }
    return fields.map { "\(escaped($0))=\(escaped($1))" }.joined(separator: "&")
}

/// Answers that lead elsewhere are answers.
private final class NoRedirects: NSObject, URLSessionTaskDelegate {
    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        completionHandler(nil)
    }
}
