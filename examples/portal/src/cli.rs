//! The command line.

use std::{net::SocketAddr, path::PathBuf};

use clap::Parser;
use eschool_core::journal::ClassName;

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
    /// Folder of the database and the keys; made if there is none
    ///
    /// The key file keys.txt opens what is sealed in the database (СНИЛС, телефоны, почта). Keep a
    /// copy of it apart from the copies of the database: without it they are lost.
    #[arg(long, value_name = "DIR", default_value = "eschool-data")]
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
    #[arg(long, value_name = "NAME|FILE", default_value = "ryazan_2022")]
    pub policy: String,

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

const AFTER_HELP: &str = "\
Exit codes: 0 stopped or done, 1 something failed, 2 the command line or the policy is wrong.
Addresses and reports go to stdout, the log to stderr; RUST_LOG=debug tells more.

Examples:
  portal                                  the sample school on http://127.0.0.1:8080/
  portal --import school-27 --data d      a school of your own
  portal --data d --print-cards 5А        its cards for class 5А";

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
        ] {
            assert_eq!(Args::try_parse_from(wrong).unwrap_err().exit_code(), 2);
        }
    }
}
