//! An import that is cut short, and the next one.

use std::{
    future::{Future as _, poll_fn},
    pin::pin,
    sync::atomic::{AtomicI32, Ordering},
    task::Poll,
};

use async_trait::async_trait;

use super::*;
use crate::backend::BackendError;

/// A database that is gone after so many transactions.
struct Failing {
    inner: MemoryBackend,
    left: AtomicI32,
}

#[async_trait]
impl Backend for Failing {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        if self.left.fetch_sub(1, Ordering::Relaxed) <= 0 {
            return Err(BackendError::Busy);
        }
        self.inner.begin(access).await
    }
}

/// A database that lets others go first once a transaction has begun, so that whoever waits for it
/// can stop waiting within each.
struct Pausing(MemoryBackend);

#[async_trait]
impl Backend for Pausing {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        let tx = self.0.begin(access).await;
        let mut paused = false;
        poll_fn(|context| {
            if std::mem::replace(&mut paused, true) {
                return Poll::Ready(());
            }
            context.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
        tx
    }
}

/// Three classes with a lesson, marks, attendance and a final mark each.
fn school() -> Texts {
    let mut texts = Texts::new();
    for class in ["7Б", "7В", "7Г"] {
        let pupil = format!("Дуб{} Олег Ильич", class.to_lowercase().replace('7', ""));
        let [family, given, patronymic] = [0, 1, 2].map(|i| pupil.split(' ').nth(i).unwrap());
        texts = texts
            .with(
                "pupils.csv",
                &[&format!("{class};{family};{given};{patronymic};01.01.2011;;;01.09.2024;;")],
            )
            .with(
                "lessons.csv",
                &[
                    &format!("02.09.2024;{class};;1;Алгебра;;;;;Дроби;"),
                    &format!("03.09.2024;{class};;1;Алгебра;;;;;;"),
                ],
            )
            .with(
                "marks.csv",
                &[
                    &format!("02.09.2024;{class};1;Алгебра;{pupil};5;Ответ;;;"),
                    &format!("02.09.2024;{class};1;Алгебра;{pupil};5;Ответ;;;"),
                ],
            )
            .with("attendance.csv", &[&format!("02.09.2024;{class};1;Алгебра;{pupil};оп")])
            .with(
                "individual_homework.csv",
                &[
                    &format!("02.09.2024;{class};1;Алгебра;{pupil};карточка"),
                    &format!("02.09.2024;{class};1;Алгебра;{pupil};карточка"),
                ],
            )
            .with(
                "finals.csv",
                &[&format!("7А;{pupil};Алгебра;1 четверть;5").replace("7А", class)],
            );
    }
    texts
}

/// How many events the diaries of the school have.
async fn told(installation: &Installation, report: &ImportReport) -> usize {
    installation.tx().await.events(report.school, 0, None, 1000).await.unwrap().len()
}

/// A database that is busy once, when so many transactions have begun.
struct Stumbling {
    inner: MemoryBackend,
    left: Arc<AtomicI32>,
}

#[async_trait]
impl Backend for Stumbling {
    async fn begin(&self, access: Access<'_>) -> Result<Box<dyn Tx>, BackendError> {
        if self.left.fetch_sub(1, Ordering::Relaxed) == 0 {
            return Err(BackendError::Busy);
        }
        self.inner.begin(access).await
    }
}

#[tokio::test]
async fn an_import_goes_on_though_somebody_is_in_the_way() {
    let texts = school();
    let whole = Installation::new().import(&texts).await;
    // One looks whether there is a school, one makes it; then one of people, two of each class, one
    // of final marks.
    for transactions in 1..10 {
        let backend = MemoryBackend::new();
        let left = Arc::new(AtomicI32::new(transactions));
        let stumbling = Stumbling { inner: backend.clone(), left: Arc::clone(&left) };
        let report = store_over(stumbling).import_school(&texts.files(), &mut |_| {}).await;
        let ImportReport { school, .. } = whole;
        assert_eq!(ImportReport { school, ..report.unwrap() }, whole, "{transactions}");
        assert!(left.load(Ordering::Relaxed) < 0, "{transactions}");
        let audit = backend.begin(Access::Read).await.unwrap().audit(10).await.unwrap();
        assert_eq!(audit.iter().filter(|entry| entry.action == "import").count(), 1);
    }
}

#[tokio::test]
async fn a_school_left_empty_is_told_of_and_begun_anew() {
    let texts = Texts::new();
    let corrected = texts.clone().replaced("periods.csv", "1 четверть", "I четверть").replaced(
        "bells.csv",
        "1;08:30;09:15",
        "2;09:25;10:10\n1;08:30;09:15",
    );
    let whole = Installation::new();
    let undisturbed = whole.import(&corrected).await;
    let installation = Installation::new();
    let failing = Failing { inner: installation.backend.clone(), left: AtomicI32::new(2) };
    let cut = store_over(failing).import_school(&texts.files(), &mut |_| {}).await.unwrap_err();
    assert_eq!(eschool_core::error::CodedError::code(&cut), "busy");
    let ImportError::SchoolLeftEmpty { school, .. } = cut else { panic!("{cut}") };
    let rest = installation.import(&corrected).await;
    assert_eq!(rest.school, school);
    let files = installation.export(&rest, FileForm::Csv).await;
    assert!(files == whole.export(&undisturbed, FileForm::Csv).await);
    let frame = installation.tx().await.frame(school).await.unwrap();
    assert_eq!(frame, whole.tx().await.frame(undisturbed.school).await.unwrap());

    // Once there is somebody, what the files no longer say stays.
    installation.import(&texts).await;
    let frame = installation.tx().await.frame(school).await.unwrap();
    assert_eq!(frame.terms.len(), 3);
}

#[tokio::test]
async fn an_import_that_was_cut_short_is_completed_by_the_next() {
    let texts = school();
    let whole = Installation::new();
    let undisturbed = whole.import(&texts).await;
    assert!(undisturbed.refused.is_empty());
    let counts = |journal: ClassJournal| {
        (
            journal.lessons.len(),
            journal.works.len(),
            journal.marks.len(),
            journal.attendance.len(),
            journal.individual_homework.len(),
        )
    };
    let files = whole.export(&undisturbed, FileForm::Csv).await;
    // One looks whether there is a school, one makes it; then one of people, two of each class, one
    // of final marks.
    for transactions in 0..10 {
        let installation = Installation::new();
        let failing =
            Failing { inner: installation.backend.clone(), left: AtomicI32::new(transactions) };
        let cut = store_over(failing).import_school(&texts.files(), &mut |_| {}).await;
        assert!(cut.is_err());
        // Whatever is there of a school can be given out, before its people are there too.
        for school in installation.tx().await.schools().await.unwrap() {
            let there = installation.store.export_for_operator(school.id, ExportOptions::default());
            assert!(there.await.is_ok(), "{transactions}");
        }
        let rest = installation.import(&texts).await;
        assert!(rest.changed > 0 && rest.changed <= undisturbed.changed);
        assert_eq!(rest.counts, undisturbed.counts);
        for class in ["7Б", "7В", "7Г"] {
            let journal = counts(installation.journal(&rest, class).await);
            assert_eq!(journal, (2, 1, 2, 1, 2));
        }
        assert!(installation.export(&rest, FileForm::Csv).await == files, "{transactions}");
        let finals = installation.tx().await.school_finals(rest.school).await.unwrap();
        assert_eq!(finals.len(), 3);
        assert_eq!(installation.import(&texts).await.changed, 0);
        // What is left of a first import is no news; what changes afterwards is.
        assert_eq!(told(&installation, &rest).await, 0, "{transactions}");
        let corrected = texts.clone().replaced("marks.csv", ";5;Ответ", ";4;Ответ");
        installation.import(&corrected).await;
        assert_eq!(told(&installation, &rest).await, 1, "{transactions}");
    }
}

#[tokio::test]
async fn an_import_that_is_dropped_within_any_transaction_is_completed_by_the_next() {
    let texts = school();
    let whole = Installation::new();
    let undisturbed = whole.import(&texts).await;
    let files = whole.export(&undisturbed, FileForm::Csv).await;
    let mut with_some_of_it = 0;
    for pauses in 1.. {
        let installation = Installation::new();
        let store = store_over(Pausing(installation.backend.clone()));
        let school_files = texts.files();
        let finished = {
            let mut quiet = |_| {};
            let mut import = pin!(store.import_school(&school_files, &mut quiet));
            let mut polls = 0;
            poll_fn(|context| {
                polls += 1;
                match import.as_mut().poll(context) {
                    Poll::Ready(report) => Poll::Ready(Some(report)),
                    Poll::Pending if polls > pauses => Poll::Ready(None),
                    Poll::Pending => Poll::Pending,
                }
            })
            .await
        };
        let rest = installation.import(&texts).await;
        assert!(installation.export(&rest, FileForm::Csv).await == files, "{pauses}");
        assert_eq!(told(&installation, &rest).await, 0, "{pauses}");
        with_some_of_it += u32::from(rest.changed > 0 && rest.changed < undisturbed.changed);
        if finished.is_some() {
            break;
        }
    }
    // The transaction that makes the school has nothing before it; each of the eight others has.
    assert_eq!(with_some_of_it, 8);
}
