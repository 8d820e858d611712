//! What is wrong with a request: who sends it, and what it says.

use super::{Told, told};

/// What is wrong with the system that asks, and with its rights.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum ClientReason {
    Unknown,
    Closed,
    InterfaceForbidden,
    GrantForbidden,
    OfflineForbidden,
}

impl ClientReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::Unknown => told(
                "client_unknown",
                "системы с таким `client_id` нет",
                "no client has this `client_id`",
            ),
            Self::Closed => told(
                "client_closed",
                "система закрыта: в книге у неё `closed = true`",
                "the client is closed: the book says `closed = true`",
            ),
            Self::InterfaceForbidden => told(
                "interface_forbidden",
                "системе не открыт этот интерфейс: в книге его нет среди `interfaces`",
                "this interface is not open to the client: the book does not have it in `interfaces`",
            ),
            Self::GrantForbidden => told(
                "grant_forbidden",
                "системе не разрешён `grant_type=client_credentials`: в книге нет \
                 `client_credentials = true`",
                "the client may not use `grant_type=client_credentials`: the book does not say \
                 `client_credentials = true`",
            ),
            Self::OfflineForbidden => told(
                "offline_forbidden",
                "системе не разрешён `access_type=offline`: в книге `offline = false`",
                "the client may not use `access_type=offline`: the book says `offline = false`",
            ),
        }
    }
}

/// What is wrong with the parameters.
#[derive(Clone, Debug)]
pub(in crate::emulator) enum ParameterReason {
    Repeated(&'static str),
    AnyRepeated,
    Missing(&'static str),
    Not { name: &'static str, right: &'static str },
    GrantType,
    AccessType,
    State,
    Redirect { name: &'static str, hosts: String },
    ScopeForeign { name: &'static str, registered: String },
    ScopeBlank,
    ScopeOther,
    PersonFilter,
    BodyBroken,
    BodyKind,
}

impl ParameterReason {
    pub(super) fn told(&self) -> Told {
        match self {
            Self::Repeated(name) => (
                "parameter_repeated",
                format!("`{name}` указан дважды"),
                format!("`{name}` stands twice"),
            ),
            Self::AnyRepeated => {
                told("parameter_repeated", "параметр указан дважды", "a parameter stands twice")
            }
            Self::Missing(name) => (
                "parameter_missing",
                format!("`{name}` отсутствует или пуст"),
                format!("`{name}` is missing"),
            ),
            Self::Not { name, right } => (
                "parameter_value",
                format!("`{name}` – не `{right}`"),
                format!("`{name}` is not `{right}`"),
            ),
            Self::GrantType => told(
                "grant_type",
                "`grant_type` – не `authorization_code`, `refresh_token` или `client_credentials`",
                "`grant_type` is not `authorization_code`, `refresh_token` or `client_credentials`",
            ),
            Self::AccessType => told(
                "access_type",
                "`access_type` – не `online` и не `offline`",
                "`access_type` is neither `online` nor `offline`",
            ),
            Self::State => told(
                "state",
                "`state` – не UUID версии 4 с дефисами",
                "`state` is no UUID of version 4",
            ),
            Self::Redirect { name, hosts } => (
                "redirect",
                format!("`{name}` – не адрес http(s) на известном узле; известны: `{hosts}`"),
                format!("`{name}` is no http(s) address of a known host; known: `{hosts}`"),
            ),
            Self::ScopeForeign { name, registered } => (
                "scope_foreign",
                format!(
                    "в `{name}` есть то, что для системы не зарегистрировано; есть у неё: \
                     `{registered}`"
                ),
                format!(
                    "`{name}` holds what is not registered for the client; it has: `{registered}`"
                ),
            ),
            Self::ScopeBlank => told("scope_blank", "`scope` пуст", "`scope` is blank"),
            Self::ScopeOther => told(
                "scope_other",
                "`scope` не тот, с которым начинали вход",
                "`scope` is not that of authorize",
            ),
            Self::PersonFilter => told(
                "person_filter",
                "`person_filter` – не `conf_acc`, `acc_kid` или `acc_not_kid` в base64",
                "`person_filter` is not `conf_acc`, `acc_kid` or `acc_not_kid` in base64",
            ),
            Self::BodyBroken => told(
                "body_broken",
                "тело запроса слишком длинное или оборвалось",
                "the body is too long or broke off",
            ),
            Self::BodyKind => told(
                "body_kind",
                "тело запроса – не `application/x-www-form-urlencoded`",
                "the body is not `application/x-www-form-urlencoded`",
            ),
        }
    }
}
