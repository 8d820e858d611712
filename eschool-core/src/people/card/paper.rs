//! A card as it is printed, in box characters, after the card of the document from Рязань.
//!
//! The upper part is the holder's. The lower one, below the dotted line, stays in the school with
//! the signature: it holds neither login nor password.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use chrono::NaiveDate;

use super::RegistrationCard;
use crate::{
    identity::{FullName, Patronymic},
    letters::uppered,
    policy::Role,
    words::day_in_digits,
};

/// Characters between the outer walls.
const WIDTH: usize = 76;
/// Characters of the left column; the wall between the columns takes one.
const LEFT: usize = 36;
const RIGHT: usize = WIDTH - LEFT - 1;

impl RegistrationCard {
    /// The card as it is printed, in Russian: every line as wide, the password one character per
    /// box, and what nobody knows a line to be filled by hand.
    #[must_use]
    pub fn text_ru(&self) -> String {
        let system = match self.system.trim() {
            "" => "_".repeat(20),
            system => uppered(system),
        };
        let title = format!("КАРТОЧКА РЕГИСТРАЦИИ ДОСТУПА К АИС «{system}»");
        let mut lines = vec![rule('┌', '─', '┐')];
        for (caption, text) in [
            ("Учредитель:", &self.founder),
            ("Муниципалитет:", &self.municipality),
            ("Организация:", &self.school),
        ] {
            let known = Some(text.trim()).filter(|text| !text.is_empty());
            match known {
                Some(text) => lines.extend(centred(text)),
                None => lines.extend(across(&labelled(caption, 15, None, WIDTH))),
            }
        }
        lines.extend(across(&[String::new()]));
        lines.extend(centred(&title));
        lines.push(rule('├', '┬', '┤'));
        lines.extend(columns(&self.holder(), &self.secrets()));
        lines.push(rule('├', '┼', '┤'));
        let rights = match &self.rights {
            Role::Pupil => "Ученик",
            Role::Parent => "Родитель",
            Role::Staff => "Сотрудник",
            Role::Unknown(text) => text,
        };
        lines.extend(columns(
            &labelled("Права доступа:", 16, Some(rights), LEFT),
            &labelled("Дата регистрации:", 19, Some(&day_in_digits(self.registered)), RIGHT),
        ));
        lines.push(rule('├', '┴', '┤'));
        lines.extend(across(&[" Параметры доступа:".to_string()]));
        for (what, value) in [
            ("  Адрес:", &self.access.address),
            ("  Браузер:", &self.access.browsers),
            ("  Линия связи:", &self.access.line),
        ] {
            lines.extend(across(&labelled(what, 16, value.as_deref(), WIDTH)));
        }
        lines.push(rule('├', '┬', '┤'));
        lines.extend(columns(&self.help(), &self.maker()));
        lines.push(rule('├', '┴', '┤').replace(['─', '┴'], "╌"));
        lines.extend(centred(&title));
        lines.push(rule('├', '┬', '┤'));
        lines.extend(columns(
            &[" Карточка распечатана:".into(), format!(" {}", day_or_line(self.printed))],
            &[" Карточка выдана:".into(), format!(" {}", day_or_line(self.handed_out))],
        ));
        lines.push(rule('├', '┴', '┤'));
        let signed = format!("____________________ / {}", initials(&self.name));
        let read = "С правилами работы ознакомлен(а):";
        lines.extend(across(&labelled(read, 35, Some(&signed), WIDTH)));
        lines.push(rule('└', '─', '┘'));
        lines.push(String::new());
        lines.join("\n")
    }

    /// Who gets it.
    fn holder(&self) -> Vec<String> {
        let patronymic = match self.name.patronymic() {
            Patronymic::Given(text) => Some(text.as_str()),
            Patronymic::None => Some("–"),
            Patronymic::Missing | Patronymic::Unknown(_) => None,
        };
        let mut lines = labelled("Фамилия:", 11, Some(self.name.family()), LEFT);
        lines.extend(labelled("Имя:", 11, Some(self.name.given()), LEFT));
        lines.extend(labelled("Отчество:", 11, patronymic, LEFT));
        if !self.class.is_empty() {
            lines.extend(labelled("Класс:", 11, Some(&self.class), LEFT));
        }
        lines
    }

    /// The login, and the password with a box for each character.
    fn secrets(&self) -> Vec<String> {
        /// Boxes that fit into the column.
        const BOXES: usize = 9;

        let mut lines = labelled("Логин:", 8, Some(self.login.as_str()), RIGHT);
        lines.push(" Пароль:".into());
        let letters: Vec<char> = self.password.chars().collect();
        for row in letters.chunks(BOXES) {
            let edge = |left: char, middle: char, right: char| {
                format!(" {left}{}{right}", vec!["───"; row.len()].join(&middle.to_string()))
            };
            let cells: Vec<_> = row.iter().map(|c| format!(" {c} ")).collect();
            lines.push(edge('┌', '┬', '┐'));
            lines.push(format!(" │{}│", cells.join("│")));
            lines.push(edge('└', '┴', '┘'));
        }
        lines
    }

    /// Who helps.
    fn help(&self) -> Vec<String> {
        let mut lines =
            vec![" Техническая поддержка".to_string(), " осуществляется на сайте:".to_string()];
        lines.extend(labelled("", 0, self.support.site.as_deref(), LEFT));
        lines.push(" Контакты:".to_string());
        lines.extend(labelled("", 0, self.support.contacts.as_deref(), LEFT));
        lines
    }

    /// Who made it.
    fn maker(&self) -> Vec<String> {
        let name = self.responsible.as_ref().map(ToString::to_string);
        let mut lines = vec![" Ответственный за генерацию:".to_string()];
        lines.extend(labelled("", 0, name.as_deref(), RIGHT));
        lines
    }
}

/// A caption and its value in a column, one character off its wall; a line for the hand where there
/// is no value.
fn labelled(caption: &str, indent: usize, value: Option<&str>, width: usize) -> Vec<String> {
    let room = width.saturating_sub(indent + 2);
    let value = value.map(str::trim).filter(|text| !text.is_empty());
    let lines = value.map_or_else(|| vec!["_".repeat(room)], |text| wrapped(text, room));
    let captions = core::iter::once(caption).chain(core::iter::repeat(""));
    captions.zip(lines).map(|(caption, line)| format!(" {caption:<indent$}{line}")).collect()
}

fn day_or_line(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "____ ____________ 20___ г.".into(), day_in_digits)
}

/// «Проверка П. П.»
fn initials(name: &FullName) -> String {
    let first = |text: &str| text.chars().next().map(|c| format!(" {c}.")).unwrap_or_default();
    let patronymic = name.patronymic().as_deref().map(first).unwrap_or_default();
    format!("{}{}{patronymic}", name.family(), first(name.given()))
}

/// Two columns side by side, the shorter one filled.
fn columns(left: &[String], right: &[String]) -> Vec<String> {
    let line = |lines: &[String], i: usize| lines.get(i).cloned().unwrap_or_default();
    (0..left.len().max(right.len()))
        .map(|i| format!("│{:<LEFT$}│{:<RIGHT$}│", line(left, i), line(right, i)))
        .collect()
}

fn across(lines: &[String]) -> Vec<String> {
    lines.iter().map(|line| format!("│{line:<WIDTH$}│")).collect()
}

fn centred(text: &str) -> Vec<String> {
    wrapped(text, WIDTH - 2).iter().map(|line| format!("│{line:^WIDTH$}│")).collect()
}

/// A horizontal line, with a joint where the wall between the columns begins or ends.
fn rule(left: char, joint: char, right: char) -> String {
    format!("{left}{}{joint}{}{right}", "─".repeat(LEFT), "─".repeat(RIGHT))
}

/// The text in lines of at most so many characters, broken at spaces where there are any.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for piece in letters.chunks(width.max(1)) {
            let piece: String = piece.iter().collect();
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
