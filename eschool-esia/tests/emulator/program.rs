//! The program: what it prints, what it refuses, how it ends.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::{Command, Output, Stdio},
};

use eschool_esia::emulator::EmulatorKeys;

fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_esia-emulator"))
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[tokio::test]
async fn it_serves_until_it_is_told_to_stop() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut child = program()
        .args(["--listen", "127.0.0.1:0", "--client", "MYSYS", "--data"])
        .arg(&data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let printed: Vec<_> = lines.by_ref().take_while(|line| !line.contains("Ctrl+C")).collect();
    let printed = printed.join("\n");
    let base = printed.split_whitespace().find(|word| word.starts_with("http://")).unwrap();
    assert!(printed.contains("MYSYS"), "{printed}");
    for name in
        [EmulatorKeys::CLIENT_KEY, EmulatorKeys::CLIENT_CERTIFICATE, EmulatorKeys::TOKEN_PUBLIC_KEY]
    {
        let path = data.join(name);
        assert!(printed.contains(&path.display().to_string()) && path.exists(), "{printed}");
    }
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let page = http.get(base).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("Эмулятор ЕСИА") && page.contains("MYSYS"));
    drop(http);
    let stopped = Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(stopped.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn it_stays_on_loopback_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8085"] {
        let output = program().current_dir(&folder).args(["--listen", address]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
        assert!(told(&output).contains("--beyond-loopback"), "{address}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0, "nothing was made");
}

#[test]
fn a_wrong_command_line_or_file_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people.csv");
    fs::write(
        &people,
        "Ключ;Фамилия;Имя;Отчество;Дата рождения;СНИЛС;Телефон;Телефон подтверждён;Тип учётной записи\n\
         к;Ёлкина;Анна;;30.02.1986;;;;детская\n",
    )
    .unwrap();
    let people = people.to_str().unwrap();
    for (args, code, words) in [
        (&["--help"][..], 0, ""),
        (&["--nonsense"], 2, "--nonsense"),
        (&["--listen", "8085"], 2, "--listen"),
        (&["--people", "none.csv"], 1, "none.csv"),
        (&["--people", people], 1, "line 2, column `Дата рождения`"),
        (&["--certificate", "none.pem"], 1, "none.pem"),
        (&["--certificate", people], 1, "people.csv"),
    ] {
        let output = program().current_dir(&folder).args(args).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{args:?}: {}", told(&output));
        assert!(told(&output).contains(words), "{args:?}: {}", told(&output));
        assert!(!told(&output).contains("Ёлкина"));
    }
}
