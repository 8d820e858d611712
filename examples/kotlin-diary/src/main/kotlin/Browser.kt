// The system's browser.

import java.io.IOException

/** Opens an address; where there is no browser, the address that was printed is opened by hand. */
internal fun openInBrowser(address: String) {
    val system = System.getProperty("os.name").lowercase()
    val opener = when {
        "mac" in system -> listOf("open")
        "windows" in system -> listOf("rundll32", "url.dll,FileProtocolHandler")
        else -> listOf("xdg-open")
    }
    try {
        val silent = ProcessBuilder.Redirect.DISCARD
        ProcessBuilder(opener + address).redirectOutput(silent).redirectError(silent).start()
    } catch (_: IOException) {
        // There is none.
    }
}
