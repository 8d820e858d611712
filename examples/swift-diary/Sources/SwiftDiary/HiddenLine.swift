import Foundation
#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The terminal as it was, for whoever ends the program while nothing is shown.
private var terminal = termios()

/// A line of standard input; a terminal asks for it and shows nothing of it.
func readHiddenLine(_ question: String) -> String? {
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &terminal) == 0 else { return readLine() }
    let others = [SIGINT, SIGTERM, SIGHUP, SIGQUIT].map { number in
        (number, signal(number) { number in
            tcsetattr(STDIN_FILENO, TCSANOW, &terminal)
            _exit(128 + number)
        })
    }
    defer { others.forEach { number, other in _ = signal(number, other) } }
    var hidden = terminal
    hidden.c_lflag &= ~tcflag_t(ECHO)
    FileHandle.standardError.write(Data(question.utf8))
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &terminal)
        FileHandle.standardError.write(Data("\n".utf8))
    }
    return readLine()
}
