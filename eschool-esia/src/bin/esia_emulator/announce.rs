//! What is printed once the emulator serves.

use std::{
    io::{self, Write as _},
    net::SocketAddr,
    path::PathBuf,
};

use chrono::{DateTime, Utc};
use eschool_esia::emulator::{ClientSystem, EmulatorKeys, EmulatorSettings};

use crate::args::Args;

/// What is worth knowing of what was read and made.
pub(crate) struct Announced {
    clients: Vec<ClientSystem>,
    issuer: String,
    data: PathBuf,
    certificate: Option<PathBuf>,
    made: bool,
    gost: bool,
    /// From when the next key signs.
    next: Option<DateTime<Utc>>,
}

impl Announced {
    pub(crate) fn of(args: &Args, settings: &EmulatorSettings, made: bool) -> Self {
        Self {
            clients: settings.clients.clone(),
            issuer: settings.issuer.clone(),
            data: args.data.clone(),
            certificate: args.certificate.clone(),
            made,
            gost: settings.gost_token_key.is_some(),
            next: args.next_key_from,
        }
    }

    /// Prints it; `Ctrl+C` stands in the last line.
    pub(crate) fn print(&self, address: SocketAddr) -> io::Result<()> {
        let mut out = io::stdout();
        let file = |name| self.data.join(name).display().to_string();
        writeln!(out, "Эмулятор ЕСИА: http://{address}/")?;
        for client in &self.clients {
            writeln!(out, "Система (client_id): {}", client.mnemonic)?;
            writeln!(out, "Возврат разрешён на: {}", client.redirect_hosts.join(", "))?;
            writeln!(out, "Области доступа (scope): {}", client.scopes.join(" "))?;
        }
        if let Some(path) = &self.certificate {
            writeln!(out, "Сертификат системы: {}", path.display())?;
        }
        if self.made {
            writeln!(out, "Ключ системы: {}", file(EmulatorKeys::CLIENT_KEY))?;
            writeln!(out, "Сертификат системы: {}", file(EmulatorKeys::CLIENT_CERTIFICATE))?;
        }
        writeln!(out, "Издатель маркеров (iss): {}", self.issuer)?;
        writeln!(out, "Ключ проверки маркеров: {}", file(EmulatorKeys::TOKEN_PUBLIC_KEY))?;
        if let Some(from) = self.next {
            let path = file(EmulatorKeys::NEXT_TOKEN_PUBLIC_KEY);
            writeln!(out, "Следующий ключ, с {}: {path}", from.format("%d.%m.%Y %H:%M UTC"))?;
        }
        if self.gost {
            let path = file(EmulatorKeys::GOST_TOKEN_PUBLIC_KEY);
            writeln!(out, "Ключ проверки маркеров по ГОСТ: {path}")?;
        }
        writeln!(out, "Журнал отказов: http://{address}/emulator/log")?;
        if !address.ip().is_loopback() {
            writeln!(
                out,
                "Внимание: эмулятор виден с других компьютеров, а войти в него может кто угодно и \
                 кем угодно."
            )?;
        }
        writeln!(out, "\nОстановить: Ctrl+C")?;
        out.flush()
    }
}
