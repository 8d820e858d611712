//! The diagnosis as the operator reads it.

use chrono::{DateTime, Utc};
use eschool_core::error::CodedError as _;

use super::{DigestName, Finding, SecretDiagnosis, SignedCallName, Values, Verdict};
use crate::{client::Profile, signer::SignatureForm};

/// As the interface v2/v3 calls the hash of the certificate; in the old one it is for comparing.
const HASH: &str = "client_certificate_hash";

impl Finding {
    /// What is wrong, in Russian.
    #[must_use]
    pub fn text_ru(&self) -> String {
        match self {
            Self::Signature(error) => error.text_ru().into(),
            Self::SignatureUnverified => {
                "Подпись не проверена: её алгоритм этой программе не известен.".into()
            }
            Self::CertificateEnded { ended } => {
                format!("Срок сертификата истёк {}: получите новый.", day_ru(*ended))
            }
            Self::CertificateNotYetValid { begins } => format!(
                "Сертификат начнёт действовать {}: проверьте часы сервера.",
                day_ru(*begins)
            ),
        }
    }

    /// What is wrong, in English.
    #[must_use]
    pub fn text_en(&self) -> String {
        match self {
            Self::Signature(error) => error.to_string(),
            Self::SignatureUnverified => {
                "the signature is not verified: its algorithm is not known to this program".into()
            }
            Self::CertificateEnded { ended } => {
                format!("the certificate ended on {}; get a new one", ended.date_naive())
            }
            Self::CertificateNotYetValid { begins } => format!(
                "the certificate begins on {}; look at this machine's clock",
                begins.date_naive()
            ),
        }
    }
}

impl SecretDiagnosis {
    /// Everything that could be compared, in Russian, in lines.
    #[must_use]
    pub fn text_ru(&self, values: Values) -> String {
        let request = match self.request {
            SignedCallName::Authorize => "переход на страницу входа",
            SignedCallName::Token => "обмен кода на маркеры",
            SignedCallName::Refresh => "обновление маркеров",
        };
        let profile = match self.profile {
            Profile::V3 => "v2/v3",
            Profile::Legacy => "прежний (legacy)",
        };
        let mut lines = vec![
            format!("Запрос: {request}. Интерфейс ЕСИА: {profile}."),
            "Подписывается, в этом порядке и без разделителей:".into(),
        ];
        lines.extend(self.table(values));
        lines.push(format!("Одной строкой: «{}»", self.signed_string(values)));
        if values == Values::Masked {
            lines.push("Секретные значения сокращены; длина и хэш – от полной строки.".into());
        }
        lines.push(format!(
            "Длина в байтах (UTF-8): {}, в знаках: {}.",
            self.bytes(),
            self.characters()
        ));
        lines.push(match self.digest.0 {
            DigestName::Streebog256 => format!("«Стрибог» (256 бит): {}", self.digest.1),
            DigestName::Sha256 => format!("SHA-256: {}", self.digest.1),
        });
        lines.push(match self.profile.form() {
            SignatureForm::Raw => {
                "Подпись: «сырая», s ‖ r, обе половины от старших байтов к младшим; CryptoPro даёт \
                 обратный порядок."
                    .into()
            }
            SignatureForm::Cms => "Подпись: отсоединённая CMS в DER, сертификат внутри.".into(),
        });
        lines.push(match self.signature {
            Verdict::Fits(length) => {
                format!("Проверка своим сертификатом: подходит, длина в байтах: {length}.")
            }
            Verdict::AlgorithmUnknown(length) => format!(
                "Проверка своим сертификатом: алгоритм этой программе не известен, подпись не \
                 проверена; длина в байтах: {length}."
            ),
            Verdict::Wrong(_) => {
                "Проверка своим сертификатом: подписи нет или она не подходит.".into()
            }
        });
        lines.push(format!(
            "Сертификат: действует с {} по {}, {HASH} {}",
            day_ru(self.certificate.not_before()),
            day_ru(self.certificate.not_after()),
            self.certificate.hash()
        ));
        lines.push(format!("Часы сервера: {} UTC.", self.now.format("%d.%m.%Y %H:%M:%S")));
        let findings = self.findings();
        if findings.is_empty() {
            lines.push(
                "На этой стороне всё сходится. Сверьте с регистрацией в ЕСИА мнемонику и хэш \
                 сертификата, а часы – с точным временем."
                    .into(),
            );
        }
        lines.extend(findings.iter().map(|finding| match finding {
            Finding::SignatureUnverified => finding.text_ru(),
            _ => format!("Исправьте. {}", finding.text_ru()),
        }));
        lines.join("\n")
    }

    /// Everything that could be compared, in English, in lines.
    #[must_use]
    pub fn text_en(&self, values: Values) -> String {
        let mut lines = vec![
            format!("Request: {}. Profile: {}.", self.request.name(), self.profile.name()),
            "What is signed, in this order and without separators:".into(),
        ];
        lines.extend(self.table(values));
        lines.push(format!("As one string: \"{}\"", self.signed_string(values)));
        if values == Values::Masked {
            lines.push("What is secret is cut short; length and digest are of the whole.".into());
        }
        lines.push(format!(
            "Length: {} bytes of UTF-8, {} characters.",
            self.bytes(),
            self.characters()
        ));
        lines.push(match self.digest.0 {
            DigestName::Streebog256 => format!("Streebog-256: {}", self.digest.1),
            DigestName::Sha256 => format!("SHA-256: {}", self.digest.1),
        });
        lines.push(match self.profile.form() {
            SignatureForm::Raw => "Signature: raw, s ‖ r, both big-endian; CryptoPro gives the \
                                   bytes backwards."
                .into(),
            SignatureForm::Cms => "Signature: detached CMS in DER, the certificate inside.".into(),
        });
        lines.push(match self.signature {
            Verdict::Fits(length) => {
                format!("Verified with the own certificate: it fits ({length} bytes).")
            }
            Verdict::AlgorithmUnknown(length) => format!(
                "Verified with the own certificate: the algorithm is not known to this program, the \
                 signature is not verified ({length} bytes)."
            ),
            Verdict::Wrong(_) => {
                "Verified with the own certificate: there is none, or it does not fit.".into()
            }
        });
        lines.push(format!(
            "Certificate: valid from {} to {}, {HASH} {}",
            self.certificate.not_before().date_naive(),
            self.certificate.not_after().date_naive(),
            self.certificate.hash()
        ));
        lines.push(format!("Clock of this machine: {} UTC.", self.now.format("%Y-%m-%d %H:%M:%S")));
        let findings = self.findings();
        if findings.is_empty() {
            lines.push(
                "On this side all fits. Compare the mnemonic and the certificate's hash with what \
                 is registered at ЕСИА, and the clock with the right time."
                    .into(),
            );
        }
        lines.extend(findings.iter().map(|finding| match finding {
            Finding::SignatureUnverified => format!("Note: {}", finding.text_en()),
            _ => format!("To mend: {}", finding.text_en()),
        }));
        lines.join("\n")
    }

    /// Each value beside its name.
    fn table(&self, values: Values) -> impl Iterator<Item = String> {
        self.parts.iter().map(move |part| {
            let (shown, length) = (part.shown(values), part.value.chars().count());
            format!("  {:<13} {shown} ({length})", part.name)
        })
    }
}

fn day_ru(instant: DateTime<Utc>) -> String {
    instant.format("%d.%m.%Y").to_string()
}
