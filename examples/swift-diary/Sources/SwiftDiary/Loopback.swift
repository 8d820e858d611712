import Foundation
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A listener on 127.0.0.1, on a port that is free, for the one request that the browser comes back with.
struct Loopback {
    private static let patience: TimeInterval = 300
    private static let page = """
        <!doctype html><html lang="ru"><meta charset="utf-8"><title>Дневник</title>
        <p>Готово. Это окно можно закрыть, дневник – в терминале.</p></html>
        """

    private let socket: Int32
    /// The port.
    let port: UInt16

    init() throws {
        // A browser that has gone before it is answered would end the program.
        signal(SIGPIPE, SIG_IGN)
        #if canImport(Glibc)
        let stream = Int32(SOCK_STREAM.rawValue)
        #else
        let stream = SOCK_STREAM
        #endif
        socket = Foundation.socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let failed = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) != 0 || listen(socket, 4) != 0 || getsockname(socket, $0, &size) != 0
            }
        }
        guard !failed else { throw Problem.portal("Нет свободного порта на 127.0.0.1") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// The fields of the answer that is ours; others – a browser's wish for an icon, another program's
    /// guess – are sent away.
    func wait(until isOurs: ([String: String]) -> Bool) throws -> [String: String] {
        defer { close(socket) }
        let end = Date().addingTimeInterval(Self.patience)
        while end.timeIntervalSinceNow > 0 {
            guard isReady(socket, within: end.timeIntervalSinceNow) else { continue }
            let connection = accept(socket, nil, nil)
            guard connection >= 0 else { continue }
            defer { close(connection) }
            let fields = request(connection).flatMap(answer)
            guard let fields, isOurs(fields) else {
                reply(connection, "404 Not Found", "")
                continue
            }
            reply(connection, "200 OK", Self.page)
            return fields
        }
        throw Problem.refused("Входа не дождались")
    }

    private func isReady(_ descriptor: Int32, within seconds: TimeInterval) -> Bool {
        guard seconds > 0 else { return false }
        var waited = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&waited, 1, Int32(min(seconds, 3_600) * 1_000)) > 0
    }

    /// The first line of a request; who is not done with it in five seconds is left.
    private func request(_ connection: Int32) -> String? {
        let end = Date().addingTimeInterval(5)
        var bytes: [UInt8] = []
        while bytes.count < 16_384, isReady(connection, within: end.timeIntervalSinceNow) {
            var part = [UInt8](repeating: 0, count: 4_096)
            let count = read(connection, &part, part.count)
            guard count > 0 else { return nil }
            bytes += part.prefix(count)
            let text = String(decoding: bytes, as: UTF8.self)
            if text.contains("\r\n\r\n") { return text.components(separatedBy: "\r\n").first }
        }
        return nil
    }

    private func answer(_ line: String) -> [String: String]? {
        let words = line.split(separator: " ")
        guard words.count == 3, words[0] == "GET", words[1].hasPrefix("/callback?"),
            let url = URLComponents(string: "http://127.0.0.1\(words[1])")
        else { return nil }
        // A form writes spaces as pluses.
        let fields = (url.percentEncodedQuery ?? "").replacingOccurrences(of: "+", with: "%20")
        var plain = URLComponents()
        plain.percentEncodedQuery = fields
        return Dictionary((plain.queryItems ?? []).map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    private func reply(_ connection: Int32, _ status: String, _ page: String) {
        let head = "HTTP/1.1 \(status)\r\nContent-Type: text/html; charset=utf-8\r\n"
            + "Content-Length: \(page.utf8.count)\r\nConnection: close\r\n\r\n"
        let bytes = Array((head + page).utf8)
        _ = write(connection, bytes, bytes.count)
    }
}
