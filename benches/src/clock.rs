//! The clock that figures are taken with.

use std::time::Duration;

/// How long this thread has worked: the time it waited for a processor that others had is not in
/// it, so a figure of a busy machine is near that of an idle one. Everything measured here works in
/// one thread and waits for nothing; DuckDB's side is timed by the same clock.
///
/// ```
/// use eschool_benches::clock::worked;
///
/// let before = worked();
/// let sum: u64 = std::hint::black_box(0..1_000_000).sum();
/// assert!(worked() >= before && sum > 0);
/// ```
#[must_use]
#[cfg(unix)]
pub fn worked() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(now).expect("no thread has worked for less than nothing")
}

/// How long this program has run: where threads have no clock of their own, that has to do.
#[must_use]
#[cfg(not(unix))]
pub fn worked() -> Duration {
    static BEGUN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    BEGUN.get_or_init(std::time::Instant::now).elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn to_wait_is_no_work() {
        let before = worked();
        std::thread::sleep(Duration::from_millis(200));
        assert!(worked() - before < Duration::from_millis(100));
    }
}
