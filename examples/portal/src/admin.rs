//! The operator's chores on the command line.

use std::io::Write;

use eschool_core::signin::{CaseCode, EsiaPerson};
use eschool_store::RefusedSignIn;
use url::Url;

use crate::{
    cards::choose,
    cli::AdminTask,
    merges,
    start::{Installation, StartError},
    view::date,
};

/// Does a chore and prints what came of it.
///
/// # Errors
/// [`StartError`] says what is wrong: no such school or case, an address that is none.
pub async fn run(
    installation: &Installation,
    task: AdminTask,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    match task {
        AdminTask::Invite { school, url } => {
            invite(installation, school.as_deref(), url, out).await
        }
        AdminTask::Case { code } => case(installation, code, out).await,
        AdminTask::Merges { task } => merges::run(installation, task, out).await,
    }
}

async fn invite(
    installation: &Installation,
    school_name: Option<&str>,
    url: String,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let school = choose(installation.store.schools().await?, school_name)?;
    let home: Url = match url.parse::<Url>() {
        Ok(home) if matches!(home.scheme(), "http" | "https") && home.has_host() => home,
        _ => return Err(StartError::Url(url)),
    };
    let invitation = installation.store.invite_administrator(school.id).await?;
    let path = format!("/invitation/{}", &*invitation.token.to_text());
    let link = home.join(&path).map_err(|_| StartError::Url(url))?;
    let until = date::moment(invitation.expires_at, installation.zone);
    writeln!(out, "Приглашение администратора: {}", school.name)?;
    writeln!(out, "\n  {link}\n")?;
    writeln!(
        out,
        "Ссылка действует один раз, до {until}. Передайте её лично: кто по ней войдёт через ЕСИА, \
         тот и станет администратором школы."
    )?;
    Ok(out.flush()?)
}

async fn case(
    installation: &Installation,
    code: CaseCode,
    out: &mut (dyn Write + Send),
) -> Result<(), StartError> {
    let found = installation.store.refused_sign_in(&code).await?;
    let RefusedSignIn { at, refusal, expires_at, person } =
        found.ok_or(StartError::CaseNotFound(code))?;
    let moment = |at| date::moment(at, installation.zone);
    writeln!(out, "Код обращения {code}: вход через ЕСИА {}", moment(at))?;
    let text = installation.store.refusal(refusal.clone()).text_ru();
    writeln!(out, "Отказ: {refusal} – «{text}»")?;
    writeln!(out, "Что сообщила ЕСИА (хранится до {}):", moment(expires_at))?;
    for (what, value) in said(&person) {
        writeln!(out, "  {what}: {}", value.unwrap_or_else(|| "не сообщила".into()))?;
    }
    writeln!(out, "Просмотр записан в журнал действий.")?;
    Ok(out.flush()?)
}

/// What ЕСИА said, line by line.
fn said(person: &EsiaPerson) -> [(&'static str, Option<String>); 6] {
    [
        ("Тип учётной записи", Some(person.assurance.text_ru().into())),
        ("ФИО", Some(person.name.to_string())),
        ("Дата рождения", person.birth_date.map(|born| born.date().format("%d.%m.%Y").to_string())),
        ("СНИЛС", person.snils.map(|snils| snils.to_string())),
        ("Подтверждённый телефон", person.verified_phone.map(|phone| phone.to_string())),
        ("Подтверждённая почта", person.verified_email.as_ref().map(ToString::to_string)),
    ]
}
