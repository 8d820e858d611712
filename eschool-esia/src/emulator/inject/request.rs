//! An injection, as the library and the control endpoint take it.

use eschool_core::error::CodedError;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{FaultyEndpoint, InjectedFault};
use crate::emulator::RefusalCode;

/// A fault, where it happens and how often.
///
/// ```
/// use eschool_esia::emulator::{FaultyEndpoint, InjectedFault, Injection};
///
/// let once = Injection::new(InjectedFault::Html(500)).at(FaultyEndpoint::Kids).times(1);
/// assert_eq!((once.endpoint, once.times), (Some(FaultyEndpoint::Kids), Some(1)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Injection {
    /// What goes wrong.
    pub fault: InjectedFault,
    /// Where; none: wherever it can happen.
    pub endpoint: Option<FaultyEndpoint>,
    /// For how many requests; none: until the faults are taken back.
    pub times: Option<u32>,
}

/// Why a fault is not put on.
///
/// ```
/// use eschool_core::error::CodedError;
/// use eschool_esia::emulator::{FaultyEndpoint, InjectError, InjectedFault, Injection};
///
/// let wrong = Injection::new(InjectedFault::RotatedKey).at(FaultyEndpoint::Logout);
/// # use eschool_esia::{ambient::Ambient, emulator::{Emulator, EmulatorSettings, TokenKeyPair}};
/// # let key = TokenKeyPair::generate()?;
/// # let settings = EmulatorSettings::new(Vec::new(), Vec::new(), key, Ambient::system());
/// # let emulator = Emulator::new(settings);
/// assert_eq!(emulator.inject(wrong).unwrap_err().code(), "injection_endpoint");
/// # Ok::<(), eschool_esia::emulator::TokenKeyError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InjectError {
    /// The request is not the JSON that is documented.
    #[error("the body is not the JSON of a fault")]
    Malformed,
    /// There is no such fault.
    #[error(
        "`fault` is one of `down`, `unavailable`, `slow`, `html`, `refuse`, `rotated_key`, \
         `expired_key`, `clock`, `duplicated_state`, `linked`"
    )]
    FaultUnknown,
    /// There is no such endpoint.
    #[error("`endpoint` is one of `authorize`, `token`, `person`, `contacts`, `kids`, `logout`")]
    EndpointUnknown,
    /// The fault does not happen there.
    #[error("this fault does not happen at this endpoint")]
    Endpoint,
    /// `times` is zero.
    #[error("`times` is at least 1")]
    Times,
    /// `seconds` is absent or out of range.
    #[error("`seconds` is needed: 1 to 600 for `slow`, up to ten years either way for `clock`")]
    Seconds,
    /// `status` is no status of an answer.
    #[error("`status` is 200 to 599")]
    Status,
    /// `code` is absent or none that the emulator knows.
    #[error("`code` is needed: a code such as `ESIA-007008`")]
    Code,
    /// So many are on that one more is a mistake.
    #[error("100 faults are on; take them back first")]
    TooMany,
    /// The key that the fault needs could not be made; answered with status 500.
    #[error("the key of this fault could not be made")]
    Key,
}

impl CodedError for InjectError {
    fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "injection_malformed",
            Self::FaultUnknown => "injection_fault",
            Self::EndpointUnknown => "injection_endpoint_unknown",
            Self::Endpoint => "injection_endpoint",
            Self::Times => "injection_times",
            Self::Seconds => "injection_seconds",
            Self::Status => "injection_status",
            Self::Code => "injection_code",
            Self::TooMany => "injection_too_many",
            Self::Key => "injection_key",
        }
    }

    fn text_ru(&self) -> &'static str {
        match self {
            Self::Malformed => "Тело запроса – не описание сбоя в JSON",
            Self::FaultUnknown => "Такого сбоя эмулятор не знает",
            Self::EndpointUnknown => "Такого адреса эмулятор не знает",
            Self::Endpoint => "На этом адресе такого сбоя не бывает",
            Self::Times => "Число запросов – не меньше одного",
            Self::Seconds => {
                "Укажите секунды: от 1 до 600 для «slow», до десяти лет в обе стороны для «clock»"
            }
            Self::Status => "Код ответа – от 200 до 599",
            Self::Code => "Укажите код ошибки, например ESIA-007008",
            Self::TooMany => "Включено уже сто сбоев: сначала снимите их",
            Self::Key => "Ключ для этого сбоя создать не удалось",
        }
    }
}

impl Injection {
    /// The most that can be on at once.
    pub(super) const MOST: usize = 100;
    /// The longest wait, in seconds: ten minutes.
    const LONGEST_WAIT: u32 = 600;
    /// The furthest the clock may be off, in seconds: ten years.
    const FURTHEST: u32 = 10 * 366 * 86_400;

    /// A fault everywhere it can happen, until it is taken back.
    #[must_use]
    pub const fn new(fault: InjectedFault) -> Self {
        Self { fault, endpoint: None, times: None }
    }

    /// At one endpoint alone.
    #[must_use]
    pub const fn at(self, endpoint: FaultyEndpoint) -> Self {
        Self { endpoint: Some(endpoint), ..self }
    }

    /// For so many requests.
    #[must_use]
    pub const fn times(self, times: u32) -> Self {
        Self { times: Some(times), ..self }
    }

    pub(super) fn check(&self) -> Result<(), InjectError> {
        if self.endpoint.is_some_and(|endpoint| !self.fault.is_for(endpoint)) {
            return Err(InjectError::Endpoint);
        }
        if self.times == Some(0) {
            return Err(InjectError::Times);
        }
        match self.fault {
            InjectedFault::Slow(seconds) if !(1..=Self::LONGEST_WAIT).contains(&seconds) => {
                Err(InjectError::Seconds)
            }
            InjectedFault::Clock(seconds) if seconds.unsigned_abs() > Self::FURTHEST => {
                Err(InjectError::Seconds)
            }
            InjectedFault::Html(status) if !(200..=599).contains(&status) => {
                Err(InjectError::Status)
            }
            _ => Ok(()),
        }
    }
}

/// The JSON of an injection.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::emulator) struct Ordered {
    fault: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    endpoint: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    times: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    seconds: Option<i32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    code: Option<String>,
}

impl Ordered {
    /// What is asked for.
    pub(in crate::emulator) fn injection(&self) -> Result<Injection, InjectError> {
        let seconds = || self.seconds.ok_or(InjectError::Seconds);
        let fault = match self.fault.as_str() {
            "down" => InjectedFault::Down,
            "unavailable" => InjectedFault::Unavailable,
            "slow" => InjectedFault::Slow(seconds()?.try_into().map_err(|_| InjectError::Seconds)?),
            "html" => InjectedFault::Html(self.status.unwrap_or(500)),
            "refuse" => {
                let code = self.code.as_deref().and_then(RefusalCode::parse);
                InjectedFault::Refuse(code.ok_or(InjectError::Code)?)
            }
            "rotated_key" => InjectedFault::RotatedKey,
            "expired_key" => InjectedFault::ExpiredKey,
            "clock" => InjectedFault::Clock(seconds()?),
            "duplicated_state" => InjectedFault::DuplicatedState,
            "linked" => InjectedFault::Linked,
            _ => return Err(InjectError::FaultUnknown),
        };
        let endpoint = self
            .endpoint
            .as_deref()
            .map(|word| FaultyEndpoint::parse(word).ok_or(InjectError::EndpointUnknown));
        Ok(Injection { fault, endpoint: endpoint.transpose()?, times: self.times })
    }

    /// The same, told back.
    pub(in crate::emulator) fn of(injection: &Injection) -> Self {
        let (mut seconds, mut status, mut code) = (None, None, None);
        match injection.fault {
            InjectedFault::Slow(span) => seconds = span.try_into().ok(),
            InjectedFault::Clock(span) => seconds = Some(span),
            InjectedFault::Html(number) => status = Some(number),
            InjectedFault::Refuse(refusal) => code = Some(refusal.to_string()),
            _ => {}
        }
        Self {
            fault: injection.fault.name().into(),
            endpoint: injection.endpoint.map(|endpoint| endpoint.name().into()),
            times: injection.times,
            seconds,
            status,
            code,
        }
    }
}
