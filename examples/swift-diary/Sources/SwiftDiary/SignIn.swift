import Foundation

/// Signing in: by card, or in the person's browser, where this program sees no password (RFC 8252).
struct SignIn {
    let portal: Portal

    /// A pupil, by the card's login and password.
    func byCard(login: String, password: String) async throws {
        let answer = try await portal.post("token", json: ["login": login, "password": password])
        try portal.signIn(answer, "token")
    }

    /// Whoever it is, in the browser; the portal sends it back to a listener of this program.
    func inBrowser(opening: Bool) async throws {
        let listener = try Loopback()
        let redirect = "http://127.0.0.1:\(listener.port)/callback"
        // Who steals the code on its way has no use for it without the verifier (RFC 7636).
        let (verifier, state) = (secret(), secret())
        let url = try portal.url("authorize", [
            ("response_type", "code"),
            ("client_id", Portal.client),
            ("redirect_uri", redirect),
            ("code_challenge", base64url(sha256(Array(verifier.utf8)))),
            ("code_challenge_method", "S256"),
            ("state", state),
            ("device", "Терминал"),
        ])
        print("Войдите в браузере:\n\(url.absoluteString)\n")
        fflush(stdout)
        if opening { open(url) }
        let answer = try listener.wait { answer in answer["state"] == state }
        // Another portal's answer would get this one's code (RFC 9207).
        guard answer["iss"] == portal.origin else {
            throw Problem.portal("Ответил другой портал")
        }
        guard let code = answer["code"] else {
            let why = answer["error"] == "access_denied" ? "Вход отменён" : answer["error_description"]
            throw Problem.refused(why ?? "Портал не впустил")
        }
        let token = try await portal.post("token", form: [
            ("grant_type", "authorization_code"),
            ("client_id", Portal.client),
            ("redirect_uri", redirect),
            ("code", code),
            ("code_verifier", verifier),
        ])
        try portal.signIn(token, "access_token")
    }

    private func open(_ url: URL) {
        #if os(macOS)
        let opener = "/usr/bin/open"
        #else
        let opener = "/usr/bin/xdg-open"
        #endif
        let process = Process()
        process.executableURL = URL(fileURLWithPath: opener)
        process.arguments = [url.absoluteString]
        // Without one, the address that was printed is opened by hand.
        try? process.run()
    }
}

/// 32 random bytes, as text.
private func secret() -> String {
    var random = SystemRandomNumberGenerator()
    return base64url((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
}

private func base64url(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_")
        .replacingOccurrences(of: "=", with: "")
}
