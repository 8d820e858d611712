//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Parser, Subcommand};
use eschool_core::{journal::ClassName, signin::CaseCode};

/// What the operator typed.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "portal",
    version,
    about = "The web portal of eschool: electronic diaries (электронные дневники) for a region's schools",
    long_about = "The web portal of eschool: electronic diaries (электронные дневники) for a region's schools.\n\n\
        It keeps everything in one folder: an SQLite database and a key file. In an empty folder \
        it starts with a sample school (учебная школа) of invented people and tells whom to sign \
        in as; with --import it starts with the files of your school.",
    after_help = AFTER_HELP
)]
pub struct Args {
    /// What to do instead of serving
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Folder of the database and the keys; made if there is none
    ///
    /// The key file keys.txt opens what is sealed in the database (СНИЛС, телефоны, почта). Keep a
    /// copy of it apart from the copies of the database: without it they are lost.
    #[arg(long, value_name = "DIR", default_value = "eschool-data", global = true)]
    pub data: PathBuf,

    /// Address to listen on; port 0 takes a free one, which is printed
    ///
    /// Beyond loopback (127.0.0.1) browsers keep the portal's cookies over https alone, so put a
    /// TLS proxy before it that passes the Host header on. Failed sign-ins are counted by the
    /// address of whoever connects: behind a proxy that is the proxy's own.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Folder with the files of one school (файлы обмена) to import before starting; repeatable
    ///
    /// school.csv, periods.csv, pupils.csv, parents.csv, lessons.csv, marks.csv and so on, UTF-8
    /// or windows-1251. What becomes of every row is printed. The same files again change nothing.
    #[arg(long = "import", value_name = "DIR")]
    pub imports: Vec<PathBuf>,

    /// Sign-in policy (порядок авторизации): ryazan_2022, udmurtia_2023 or a JSON file
    #[arg(long, value_name = "NAME|FILE", default_value = "ryazan_2022", global = true)]
    pub policy: String,

    /// Settings of the sign-in through ЕСИА (вход через ЕСИА), a JSON file
    ///
    /// The client's mnemonic, its redirect address (this portal's /esia/callback), the files of
    /// its key and certificate, the keys ЕСИА signs tokens with: see esia.example.json beside the
    /// portal's source. Without it the portal brings an emulator of ЕСИА along, and only for
    /// invented people on this very machine.
    #[arg(long, value_name = "FILE")]
    pub esia: Option<PathBuf>,

    /// Invented people for the emulator of ЕСИА (файл esia_people.csv), where the school is not the
    /// sample one
    #[arg(long, value_name = "FILE", conflicts_with = "esia")]
    pub esia_people: Option<PathBuf>,

    /// Make registration cards (карточки регистрации доступа) for a class, as in 5А, print them and
    /// exit
    ///
    /// Every pupil of the class who may sign in with a password gets a new one; a login once given
    /// stays. The passwords stand on the printed cards and nowhere else.
    #[arg(long, value_name = "CLASS")]
    pub print_cards: Option<ClassName>,

    /// Part of the school's name, where --print-cards has several schools to choose from
    #[arg(long, value_name = "PART_OF_NAME", requires = "print_cards")]
    pub school: Option<String>,
}

/// A chore of the operator.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Chores of the portal's operator (оператор портала)
    Admin {
        /// Which
        #[command(subcommand)]
        task: AdminTask,
    },
}

/// What the operator can do from the command line; each is written down in the audit.
#[derive(Clone, Debug, Subcommand)]
pub enum AdminTask {
    /// Print a one-time link by which a person becomes a school's administrator (администратор
    /// школы), signing in through ЕСИА
    Invite {
        /// Part of the school's name, where there are several
        #[arg(long, value_name = "PART_OF_NAME")]
        school: Option<String>,
        /// Address at which people open the portal
        #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
        url: String,
    },
    /// Show a sign-in through ЕСИА that was refused, by its case code (код обращения)
    Case {
        /// The code, as in 7Q4-K2M
        code: CaseCode,
    },
}

const AFTER_HELP: &str = "\
Exit codes: 0 stopped or done, 1 something failed, 2 the command line or the policy is wrong.
Addresses and reports go to stdout, the log to stderr; RUST_LOG=debug tells more.

Examples:
  portal                                  the sample school on http://127.0.0.1:8080/
  portal --data d --import school-27 --esia esia.json
                                          a school of your own
  portal --data d --print-cards 5А        its cards for class 5А
  portal admin invite --data d            a link for the first administrator";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::parse_from(["portal", "--import", "a", "--import", "b"]);
        assert_eq!((args.imports.len(), args.listen.port()), (2, 8080));
        for wrong in [
            &["portal", "--listen", "8080"][..],
            &["portal", "--print-cards", "Ъ"],
            &["portal", "--school", "27"],
            &["portal", "--imports", "a"],
            &["portal", "--esia", "a", "--esia-people", "b"],
            &["portal", "admin"],
            &["portal", "admin", "case", "7Q4"],
        ] {
            assert_eq!(Args::try_parse_from(wrong).unwrap_err().exit_code(), 2);
        }
    }
}
