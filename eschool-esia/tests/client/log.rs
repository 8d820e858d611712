//! What the log says on this thread.

use std::{
    io::{Result, Write},
    sync::{Arc, Mutex, Once},
};

use tracing::{Level, subscriber::DefaultGuard};

/// Everything that is logged from here on, while `_guard` lives.
pub(crate) struct Log {
    lines: Lines,
    _guard: DefaultGuard,
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Log {
    pub(crate) fn open() -> Self {
        // While there is but one subscriber in the process, and it is this thread's, whatever
        // another thread logs first is switched off for all of them.
        static OF_ALL: Once = Once::new();
        OF_ALL.call_once(|| {
            let everything = tracing_subscriber::fmt().with_max_level(Level::TRACE);
            let nowhere = everything.with_writer(std::io::sink).finish();
            tracing::subscriber::set_global_default(nowhere).unwrap();
        });
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(Level::TRACE)
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        Self { lines, _guard: tracing::subscriber::set_default(subscriber) }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.lines.0.lock().unwrap().clone()).unwrap()
    }

    /// How many lines of this level hold this.
    pub(crate) fn count(&self, level: Level, what: &str) -> usize {
        let level = level.as_str();
        self.text().lines().filter(|line| line.contains(level) && line.contains(what)).count()
    }
}
