// Signing in in the system browser: RFC 8252 with PKCE, the answer on a port of this machine's own.

import com.sun.net.httpserver.HttpExchange
import com.sun.net.httpserver.HttpServer
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import java.net.URLDecoder
import java.security.MessageDigest
import java.security.SecureRandom
import java.util.Base64
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import java.util.concurrent.TimeoutException

/** The name by which portals know this program. */
internal const val CLIENT = "kotlin-diary"

/** One attempt: it listens on 127.0.0.1 until it is closed. */
internal class BrowserSignIn(private val portal: String) : AutoCloseable {
    private val verifier = random()
    private val state = random()
    private val came = CompletableFuture<Map<String, String>>()
    private val listener = HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0)
    private val back = "http://127.0.0.1:${listener.address.port}/callback"

    /** The address to open in the system browser. */
    val address: String = "$portal/api/v1/authorize?" + form(
        listOf(
            "response_type" to "code",
            "client_id" to CLIENT,
            "redirect_uri" to back,
            "state" to state,
            "code_challenge" to encoded(MessageDigest.getInstance("SHA-256").digest(verifier.toByteArray())),
            "code_challenge_method" to "S256",
            "device" to "Терминал",
        )
    )

    init {
        listener.createContext("/callback", ::take)
        listener.start()
    }

    /** Waits for the browser to come back; the form that the code is exchanged with. */
    fun await(): List<Pair<String, String>> {
        val said = try {
            came.get(10, TimeUnit.MINUTES)
        } catch (_: TimeoutException) {
            throw Refused("За десять минут в браузере никто не вошёл")
        }
        // Another portal's answer would get this one's code (RFC 9207).
        if (said["iss"] != originOf(URI(portal))) throw Refused("Ответил другой портал")
        val code = said["code"] ?: throw Refused(
            if (said["error"] == "access_denied") "Вход отменён" else said["error_description"] ?: "Портал не впустил"
        )
        return listOf(
            "grant_type" to "authorization_code",
            "client_id" to CLIENT,
            "redirect_uri" to back,
            "code" to code,
            "code_verifier" to verifier,
        )
    }

    override fun close() = listener.stop(1)

    private fun take(exchange: HttpExchange) {
        // Whoever else knocks – a browser's wish for an icon, another program's guess – does not know the state.
        val isAnswer = exchange.requestMethod == "GET" && exchange.requestURI.path == "/callback"
        val said = if (isAnswer) fieldsOf(exchange.requestURI.rawQuery.orEmpty()) else emptyMap()
        val isOurs = said["state"] == state
        val text = if (isOurs) "Готово: вернитесь к программе." else "Этого входа здесь не ждали."
        val page = "<!doctype html><html lang=ru><meta charset=utf-8><title>Дневник</title><p>$text</p>".toByteArray()
        exchange.responseHeaders.add("Content-Type", "text/html; charset=utf-8")
        exchange.sendResponseHeaders(if (isOurs) 200 else 400, page.size.toLong())
        exchange.responseBody.use { it.write(page) }
        if (isOurs) came.complete(said)
    }
}

/** The fields of a query; those that are written wrong are none. */
private fun fieldsOf(query: String): Map<String, String> = query.split('&').mapNotNull {
    val (name, value) = it.split('=', limit = 2) + ""
    try {
        name to URLDecoder.decode(value, Charsets.UTF_8)
    } catch (_: IllegalArgumentException) {
        null
    }
}.toMap()

/** A portal as it names itself: in small letters, without a path and without the port that goes without saying. */
private fun originOf(portal: URI): String {
    val usual = mapOf("http" to 80, "https" to 443)[portal.scheme.lowercase()]
    val port = portal.port.takeIf { it != -1 && it != usual }?.let { ":$it" }.orEmpty()
    return "${portal.scheme.lowercase()}://${portal.host.lowercase()}$port"
}

private fun encoded(bytes: ByteArray): String = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)

private fun random(): String = encoded(ByteArray(32).also(SecureRandom()::nextBytes))
