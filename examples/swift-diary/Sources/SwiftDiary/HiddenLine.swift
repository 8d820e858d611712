import Foundation

/// A line of standard input; a terminal asks for it and shows nothing of it.
func readHiddenLine(_ question: String) -> String? {
    var shown = termios()
    guard isatty(STDIN_FILENO) == 1, tcgetattr(STDIN_FILENO, &shown) == 0 else { return readLine() }
    var hidden = shown
    // Without signals, too: a program that is ended here would leave the terminal mute.
    hidden.c_lflag &= ~tcflag_t(ECHO | ISIG)
    FileHandle.standardError.write(Data(question.utf8))
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
    defer {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
        FileHandle.standardError.write(Data("\n".utf8))
    }
    return readLine()
}
