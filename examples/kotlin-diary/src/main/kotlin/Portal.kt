// A portal's JSON API, as docs/native-sign-in.md tells it.

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import java.io.IOException
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.time.Duration
import ru.eschool.core.DateRange

/** Who is signed in at a portal; the tokens never leave it. */
class Portal(private val address: String) {
    private val http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()
    private var access: String? = null
    private var refresh: String? = null

    /** By the login and password of a registration card. */
    fun signIn(login: String, password: String) {
        val body = JsonObject().apply {
            addProperty("login", login)
            addProperty("password", password)
        }
        val request = request("token").header("Content-Type", "application/json")
        access = answer(request.POST(BodyPublishers.ofString("$body"))).textAt("token") ?: throw unexpected()
    }

    /** In the system browser (RFC 8252); `open` gets the address to open there. */
    fun signIn(open: (String) -> Unit) {
        val form = BrowserSignIn(address).use {
            open(it.address)
            it.await()
        }
        take(form)
    }

    /** The children of a parent; none for a pupil. */
    fun children(): List<Child> = childrenOf(answer(request("children").GET()))

    /** The days of a range, as JSON. */
    fun diary(days: DateRange, pupil: String?): String =
        "${answer(request("diary", "from" to "${days.start}", "to" to "${days.endInclusive}", "pupil" to pupil).GET())}"

    /** Today's term, as JSON. */
    fun term(pupil: String?): String = "${answer(request("term", "pupil" to pupil).GET())}"

    /** Ends the access of this program. */
    fun signOut() {
        if (access == null) return
        try {
            ask(request("token").DELETE())
        } catch (_: Refused) {
            // It has ended already.
        } catch (_: IOException) {
            // Why there is no diary is told elsewhere; the person can end it on the page «Устройства».
        }
    }

    /** Takes the tokens that the portal gives for a form. */
    private fun take(form: List<Pair<String, String>>) {
        val request = request("token").header("Content-Type", "application/x-www-form-urlencoded")
        val granted = answer(request.POST(BodyPublishers.ofString(form(form))))
        access = granted.textAt("access_token") ?: throw unexpected()
        refresh = granted.textAt("refresh_token")
    }

    /** Gets another access token, where one was given that lasts a quarter of an hour. */
    private fun renew(): Boolean {
        val token = refresh ?: return false
        // It is good once: brought again, it would end everything.
        refresh = null
        access = null
        take(listOf("grant_type" to "refresh_token", "client_id" to CLIENT, "refresh_token" to token))
        return true
    }

    private fun request(path: String, vararg query: Pair<String, String?>): HttpRequest.Builder {
        val said = query.mapNotNull { (name, value) -> value?.let { name to it } }
        val uri = "$address/api/v1/$path" + if (said.isEmpty()) "" else "?${form(said)}"
        return HttpRequest.newBuilder(URI(uri)).timeout(Duration.ofSeconds(30))
    }

    private fun ask(request: HttpRequest.Builder): HttpResponse<String> {
        val response = send(request)
        return if (response.statusCode() == 401 && renew()) send(request) else response
    }

    private fun send(request: HttpRequest.Builder): HttpResponse<String> {
        access?.let { request.setHeader("Authorization", "Bearer $it") }
        return http.send(request.build(), BodyHandlers.ofString())
    }

    private fun answer(request: HttpRequest.Builder): JsonElement {
        val response = ask(request)
        val said = jsonOf(response.statusCode(), response.body())
        if (response.statusCode() / 100 != 2) throw refusal(response.statusCode(), said)
        return said
    }
}

internal fun form(fields: List<Pair<String, String>>): String =
    fields.joinToString("&") { (name, value) -> "$name=${URLEncoder.encode(value, Charsets.UTF_8)}" }
