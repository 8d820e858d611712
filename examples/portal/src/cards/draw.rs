//! A registration card in box characters, after the card of the document from Рязань.

use eschool_core::people::RegistrationCard;

/// Characters between the outer walls.
const WIDTH: usize = 76;
/// Characters of the left column; the wall between the columns takes one.
const LEFT: usize = 36;
const RIGHT: usize = WIDTH - LEFT - 1;

/// The card as text, ending with a line break.
pub(super) fn card(card: &RegistrationCard) -> String {
    let mut lines = vec![rule('┌', '─', '┐')];
    let above = [&card.founder, &card.municipality, &card.school];
    for text in above.into_iter().filter(|text| !text.is_empty()) {
        lines.extend(wrapped(text, WIDTH - 2).iter().map(|line| walled(&centred(line, WIDTH))));
    }
    lines.push(walled(&centred("", WIDTH)));
    let title = "КАРТОЧКА РЕГИСТРАЦИИ ДОСТУПА К АИС «ЭЛЕКТРОННАЯ ШКОЛА»";
    lines.push(walled(&centred(title, WIDTH)));
    lines.push(rule('├', '┬', '┤'));
    lines.extend(columns(&pupil(card), &access(card)));
    lines.push(rule('├', '┼', '┤'));
    let registered = card.registered.format("%d.%m.%Y");
    lines.extend(columns(
        &[" Права доступа:  Ученик".into()],
        &[format!(" Дата регистрации:  {registered}")],
    ));
    lines.push(rule('├', '┴', '┤'));
    lines.push(walled(&padded(" Карточка выдана: ____ ____________ 20___ г.", WIDTH)));
    let signed = " С правилами работы ознакомлен(а): ____________________";
    lines.push(walled(&padded(signed, WIDTH)));
    lines.push(rule('└', '─', '┘'));
    lines.push(String::new());
    lines.join("\n")
}

/// Who gets it.
fn pupil(card: &RegistrationCard) -> Vec<String> {
    let name = &card.name;
    let patronymic = name.patronymic().as_deref().unwrap_or("–");
    let mut lines = Vec::new();
    for (what, value) in [
        ("Фамилия:", name.family()),
        ("Имя:", name.given()),
        ("Отчество:", patronymic),
        ("Класс:", card.class.as_str()),
    ] {
        let mut what = what;
        for line in wrapped(value, LEFT - 13) {
            lines.push(format!(" {what:<10} {line}"));
            what = "";
        }
    }
    lines
}

/// The login, and the password with a box for each character.
fn access(card: &RegistrationCard) -> Vec<String> {
    let mut lines = Vec::new();
    let mut what = "Логин:";
    for line in wrapped(card.login.as_str(), RIGHT - 10) {
        lines.push(format!(" {what:<7} {line}"));
        what = "";
    }
    lines.push(" Пароль:".into());
    let boxes = |left: char, middle: char, right: char| {
        let cells = vec!["───"; card.password.chars().count()];
        format!(" {left}{}{right}", cells.join(&middle.to_string()))
    };
    let letters: Vec<_> = card.password.chars().map(|c| format!(" {c} ")).collect();
    lines.push(boxes('┌', '┬', '┐'));
    lines.push(format!(" │{}│", letters.join("│")));
    lines.push(boxes('└', '┴', '┘'));
    lines
}

/// Two columns side by side, the shorter one filled.
fn columns(left: &[String], right: &[String]) -> Vec<String> {
    let line = |lines: &[String], i: usize| lines.get(i).cloned().unwrap_or_default();
    (0..left.len().max(right.len()))
        .map(|i| format!("│{}│{}│", padded(&line(left, i), LEFT), padded(&line(right, i), RIGHT)))
        .collect()
}

/// A horizontal line, with a joint where the wall between the columns begins or ends.
fn rule(left: char, joint: char, right: char) -> String {
    format!("{left}{}{joint}{}{right}", "─".repeat(LEFT), "─".repeat(RIGHT))
}

fn walled(line: &str) -> String {
    format!("│{line}│")
}

fn padded(line: &str, width: usize) -> String {
    format!("{line:<width$}")
}

fn centred(line: &str, width: usize) -> String {
    format!("{line:^width$}")
}

/// The text in lines of at most so many characters, broken at spaces where there are any.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut rest: Vec<char> = word.chars().collect();
        while !rest.is_empty() {
            let taken = rest.len().min(width);
            let piece: String = rest.drain(..taken).collect();
            match lines.last_mut() {
                Some(line) if line.is_empty() => line.push_str(&piece),
                Some(line) if line.chars().count() + 1 + piece.chars().count() <= width => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(family: &str, login: &str) -> RegistrationCard {
        serde_json::from_value(serde_json::json!({
            "school": "Муниципальное общеобразовательное учреждение «Октябрьская средняя \
                       общеобразовательная школа»",
            "founder": "Управление образования и молодёжной политики администрации",
            "municipality": "Пронский муниципальный район",
            "class": "5А",
            "name": {"family": family, "given": "Анна", "patronymic": {"given": "Олеговна"}},
            "login": login, "password": "25ens2dh", "registered": "2022-08-30",
        }))
        .unwrap()
    }

    #[test]
    fn a_card_looks_like_the_one_of_the_document() {
        insta::assert_snapshot!(card(&example("Проверка", "pr7_test")));
    }

    #[test]
    fn every_line_of_every_card_is_as_wide() {
        for (family, login) in [
            ("Проверка".to_owned(), "pr7_test".to_owned()),
            ("Очень-Длинная".repeat(7), "l".repeat(64)),
            ("Ли".to_owned(), "p_l".to_owned()),
        ] {
            let text = card(&example(&family, &login));
            for line in text.lines() {
                assert_eq!(line.chars().count(), WIDTH + 2, "{line}");
            }
            assert_eq!(text.matches(" d │ h │").count(), 1);
        }
    }
}
