//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use chrono::{DateTime, Utc};
use clap::Parser;
use eschool_esia::emulator::{ClientSystem, EmulatorSettings};

/// What the operator typed.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "esia-emulator",
    version,
    about = "A strict emulator of ЕСИА («Госуслуги») with invented people, for building a sign-in (вход через ЕСИА) without the state's test stand",
    long_about = "A strict emulator of ЕСИА («Госуслуги») with invented people, for building a sign-in \
        (вход через ЕСИА) without the state's test stand.\n\n\
        It checks the signature (client_secret), the certificate's hash, the timestamp, the \
        redirect address, state and the code as ЕСИА does, answers with ЕСИА's error codes and \
        issues tokens of ЕСИА's shape. Which check failed stands in its log; where the signature \
        did, also the exact string it must be over. Keys and a certificate for your system are \
        made on the first start.",
    after_help = AFTER_HELP
)]
pub(crate) struct Args {
    /// Book of people and systems (люди и системы), TOML; by default a small book is built in
    ///
    /// `--print-book` prints the built-in one, in which every field is explained. Where a book names
    /// systems, --client, --redirect and --scope say nothing; --certificate is for those of its
    /// systems that have none.
    #[arg(long, value_name = "FILE", conflicts_with = "people")]
    pub(crate) book: Option<PathBuf>,

    /// Print the built-in book, to begin one of your own with, and stop
    #[arg(long)]
    pub(crate) print_book: bool,

    /// File of people (вымышленные люди) alone, CSV in UTF-8 with `;`
    ///
    /// Columns: Ключ, Фамилия, Имя, Отчество, Дата рождения, СНИЛС, Телефон, Телефон подтверждён,
    /// Тип учётной записи (подтверждённая, стандартная, упрощённая, детская); where you like also
    /// Почта, Почта подтверждена.
    #[arg(long, value_name = "FILE")]
    pub(crate) people: Option<PathBuf>,

    /// Address to listen on; port 0 takes a free one, which is printed
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8085")]
    pub(crate) listen: SocketAddr,

    /// Allow an address beyond loopback (127.0.0.1), where others can reach it
    ///
    /// The emulator lets anybody be anybody. Never put it where real people could take it for ЕСИА.
    #[arg(long)]
    pub(crate) beyond_loopback: bool,

    /// Folder of the keys (ключи) and certificates; made if there is none
    #[arg(long, value_name = "DIR", default_value = "esia-emulator-data")]
    pub(crate) data: PathBuf,

    /// Mnemonic (мнемоника) of your system: its client_id
    #[arg(long, value_name = "MNEMONIC", default_value = "TEST", value_parser = unbroken)]
    pub(crate) client: String,

    /// Certificate (сертификат) of your system, PEM, where it has its own key
    ///
    /// A ГОСТ key signs at both interfaces, an RSA key at the old one alone (`/aas/oauth2/ac`, `te`).
    #[arg(long, value_name = "PEM")]
    pub(crate) certificate: Option<PathBuf>,

    /// Host that people may be sent back to (redirect_uri), `host` or `host:port`; repeatable
    #[arg(
        long = "redirect",
        value_name = "HOST",
        default_values = ["127.0.0.1", "localhost"],
        value_parser = redirect
    )]
    pub(crate) redirects: Vec<String>,

    /// Scope (область доступа) that your system may ask for besides the usual ones; repeatable
    ///
    /// The usual ones are openid, fullname, birthdate, gender, snils, mobile, email, contacts,
    /// kid_fullname, kid_birthdate, kid_snils. What is added is granted, but the emulator has no data
    /// for it.
    #[arg(long = "scope", value_name = "SCOPE", value_parser = unbroken)]
    pub(crate) scopes: Vec<String>,

    /// Issuer (издатель, iss) of the tokens, which clients compare byte for byte
    #[arg(
        long,
        value_name = "ISSUER",
        default_value = EmulatorSettings::DEFAULT_ISSUER,
        value_parser = unbroken
    )]
    pub(crate) issuer: String,

    /// Instant from which tokens (RS256) are signed by the next key, `2026-12-01T00:00:00Z`
    ///
    /// The next key is made in the folder of the keys, beside the first one. Clients are to know both
    /// before, and lose no sign-in then.
    #[arg(long, value_name = "INSTANT")]
    pub(crate) next_key_from: Option<DateTime<Utc>>,

    /// Write the ГОСТ signatures of tokens backwards, as CryptoPro's interfaces give them
    ///
    /// How ЕСИА writes them no source tells.
    #[arg(long)]
    pub(crate) token_signature_reversed: bool,

    /// Write `expires_in` as a text, `"3600"`; the sources conflict
    #[arg(long)]
    pub(crate) expires_in_text: bool,
}

const AFTER_HELP: &str = "\
Exit codes: 0 stopped, 1 something failed, 2 the command line is wrong.
Addresses and files go to stdout, the log to stderr; RUST_LOG=debug tells more.
What was refused and why stands at /emulator/log, too.
A timestamp may be 5 minutes off. PKCE is checked where it is asked for, by S256 or GOST3411.

Examples:
  esia-emulator                                       people of its own on http://127.0.0.1:8085/
  esia-emulator --print-book > book.toml              a book to begin with
  esia-emulator --book book.toml                      people and systems of your own
  esia-emulator --client MYSYS --certificate my.pem   a key that your signer holds";

/// A word that goes into requests and tokens as it is.
fn unbroken(text: &str) -> Result<String, &'static str> {
    if text.is_empty() || text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err("it must not be empty or hold blanks");
    }
    Ok(text.into())
}

/// A host as browsers write it, with its port if it has one.
fn redirect(text: &str) -> Result<String, &'static str> {
    ClientSystem::read_host(text)
        .ok_or("write `host` or `host:port`, without scheme, path and asterisk")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::parse_from(["esia-emulator"]);
        assert!(args.listen.ip().is_loopback());
        assert_eq!(args.redirects, ["127.0.0.1", "localhost"]);
        let args = Args::parse_from(["esia-emulator", "--redirect", "a", "--redirect", "b:80"]);
        assert_eq!(args.redirects, ["a", "b:80"]);
    }

    #[test]
    fn a_host_is_taken_as_browsers_write_it() {
        for (typed, read) in [
            ("localhost", "localhost"),
            ("LOCALHOST:8080", "localhost:8080"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[::1]", "[::1]"),
            ("[::1]:8080", "[::1]:8080"),
            ("дневник.рф", "xn--b1addnkoc.xn--p1ai"),
        ] {
            assert_eq!(redirect(typed).as_deref(), Ok(read));
        }
        for typed in [
            "",
            ":8080",
            "localhost:",
            "localhost:0",
            "localhost:80800",
            "localhost:port",
            "http://localhost",
            "localhost/callback",
            "me@localhost",
            "*.example.org",
            "my host",
            "::1",
        ] {
            assert!(redirect(typed).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_word_has_no_blanks() {
        for word in ["MYSYS", "kid_fullname", "http://esia.gosuslugi.ru/"] {
            assert_eq!(unbroken(word).as_deref(), Ok(word));
        }
        for word in ["", " ", "MY SYS", "MYSYS\n", "MY\u{a0}SYS", "MY\0SYS"] {
            assert!(unbroken(word).is_err(), "{word:?}");
        }
    }
}
