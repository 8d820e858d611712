//! What went wrong, as a page with a way back.

use askama::Template;
use axum::{
    extract::{Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use eschool_core::{access::AccessError, error::CodedError};
use eschool_store::{DiaryError, InvitationError, StoreError};

use super::{App, pages::Frame};

/// A problem. As an answer it is a note to [`lay_out`], which knows the portal it happened in.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    text: &'static str,
    back: Back,
}

/// Where the way back leads.
#[derive(Clone, Copy, Debug)]
enum Back {
    Door,
    Week,
    Term,
}

#[derive(Template)]
#[template(path = "problem.html")]
struct Page {
    frame: Frame,
    code: &'static str,
    title: &'static str,
    text: &'static str,
    back: &'static str,
    back_text: &'static str,
}

impl Problem {
    /// Nothing is at this address.
    pub(super) const fn not_found() -> Self {
        Self {
            status: StatusCode::NOT_FOUND,
            code: "not_found",
            title: "Такой страницы нет",
            text: "Возможно, в адресе опечатка или страница переехала.",
            back: Back::Door,
        }
    }

    /// A date in the address is none.
    pub(super) fn date(error: &dyn CodedError) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: error.code(),
            title: "Такой даты нет",
            text: "В адресе страницы должна быть дата – год, месяц и день, например 2026-09-18.",
            back: Back::Week,
        }
    }

    /// The address does not read.
    pub(super) const fn query() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "query_malformed",
            title: "Адрес не читается",
            text: "Возможно, ссылка скопирована не целиком.",
            back: Back::Door,
        }
    }

    /// The form is none of ours.
    pub(super) const fn form() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "form_malformed",
            title: "Форма не читается",
            text: "Откройте страницу ещё раз и повторите.",
            back: Back::Door,
        }
    }

    /// The address that the proxy tells is not the one that ЕСИА leads back to.
    pub(super) const fn host_untold() -> Self {
        Self {
            status: StatusCode::MISDIRECTED_REQUEST,
            code: "host_untold",
            title: "Вход через ЕСИА настроен не до конца",
            text: "Портал не видит адреса, по которому вы его открыли. Сообщите об этом \
                   администратору: прокси-сервер должен передавать заголовок Host, каким его \
                   прислал браузер.",
            back: Back::Door,
        }
    }

    /// The body is longer than any form of ours.
    pub(super) const fn too_large() -> Self {
        Self {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: "body_too_large",
            title: "Слишком длинный запрос",
            text: "Откройте страницу входа ещё раз и введите логин и пароль.",
            back: Back::Door,
        }
    }

    /// An app that nobody registered asks to be let in.
    pub(super) const fn unknown_app() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "client_unknown",
            title: "Приложение неизвестно",
            text: "Приложение, из которого вы пришли, на этом портале не зарегистрировано. Не \
                   вводите в нём пароль.",
            back: Back::Door,
        }
    }

    /// An app asks that the browser be led to where it is not.
    pub(super) const fn unknown_app_address() -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code: "redirect_uri_unknown",
            title: "Адрес приложения неизвестен",
            text: "Приложение просит вернуть вас по адресу, которого на этом портале у него нет. \
                   Обновите приложение или сообщите о нём в школу.",
            back: Back::Door,
        }
    }

    /// Another site sent it.
    pub(super) const fn cross_site() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            code: "cross_site",
            title: "Запрос пришёл с другого сайта",
            text: "Чтобы никто не действовал от вашего имени, мы его не выполнили. Откройте портал \
                   сами и повторите.",
            back: Back::Door,
        }
    }

    /// The answer took too long.
    pub(super) const fn too_slow() -> Self {
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: "too_slow",
            title: "Ответ занял слишком много времени",
            text: "Попробуйте ещё раз через минуту.",
            back: Back::Door,
        }
    }

    /// The store failed; the log has the code, the page no details.
    pub(super) fn of_store(error: &StoreError) -> Self {
        tracing::error!(code = error.code(), "the store failed: {error}");
        Self {
            status: StatusCode::SERVICE_UNAVAILABLE,
            code: error.code(),
            title: "Портал временно не работает",
            text: "Мы уже знаем об этом. Попробуйте ещё раз через несколько минут.",
            back: Back::Door,
        }
    }

    /// The diary is not shown.
    pub(super) fn of_diary(error: &DiaryError) -> Self {
        let (status, title, back) = match error {
            DiaryError::Store(error) => return Self::of_store(error),
            DiaryError::Access(_) => (StatusCode::FORBIDDEN, "Дневник не открыт", Back::Door),
            DiaryError::RangeTooLong => (StatusCode::BAD_REQUEST, "Слишком много дней", Back::Week),
            DiaryError::TermNotFound => (StatusCode::BAD_REQUEST, "Такого периода нет", Back::Term),
            DiaryError::YearArchived => (StatusCode::GONE, "Журналы в архиве", Back::Week),
        };
        Self { status, code: error.code(), title, text: error.text_ru(), back }
    }

    /// The link of an invitation is worth nothing, or the store failed.
    pub(super) fn of_invitation(error: &InvitationError) -> Self {
        match error {
            InvitationError::Store(error) => Self::of_store(error),
            InvitationError::Ended => Self {
                status: StatusCode::GONE,
                code: error.code(),
                title: "Приглашение не действует",
                text: error.text_ru(),
                back: Back::Door,
            },
        }
    }

    /// Whoever is signed in has no diary of their own.
    pub(super) fn no_diary() -> Self {
        Self::of_diary(&DiaryError::Access(AccessError::NotYours))
    }
}

/// The method is none that the address takes; the router tells in `Allow` which it does.
pub(super) async fn method_not_allowed() -> Problem {
    Problem {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: "method_not_allowed",
        title: "Так эту страницу не открывают",
        text: "Перейдите на портал по ссылке ниже.",
        back: Back::Door,
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Makes a page of a problem that a handler answered with.
pub(super) async fn lay_out(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(problem) = response.extensions_mut().remove::<Problem>() else { return response };
    let (back, back_text) = match problem.back {
        Back::Door => ("/", "На главную"),
        Back::Week => ("/week", "К текущей неделе"),
        Back::Term => ("/term", "К текущему периоду"),
    };
    let page = Page {
        frame: Frame::of(&app, problem.title),
        code: problem.code,
        title: problem.title,
        text: problem.text,
        back,
        back_text,
    };
    let (parts, body) = render(problem.status, &page).into_parts();
    *response.body_mut() = body;
    // What the handler and the router said besides stays: cookies, which methods are allowed.
    for name in [header::CONTENT_TYPE, header::CONTENT_LENGTH] {
        response.headers_mut().remove(&name);
        if let Some(value) = parts.headers.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

/// A template as an answer.
pub(super) fn render(status: StatusCode, page: &impl Template) -> Response {
    match page.render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!("a template failed: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, "Портал временно не работает").into_response()
        }
    }
}
