//! A dozen people at work, who know what the right answers are.

use std::{
    collections::BTreeSet,
    error::Error,
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use eschool_core::{
    calendar::DateRange,
    diary::Diary,
    error::CodedError,
    id::{AccountId, LessonId, PersonId, SchoolId},
    journal::{LessonDraft, LessonPage, MarkDraft, MarkValue, Weight, WorkDraft, WorkKind},
    people::RegistrationCard,
    policy::SignInMethod,
    signin::{AccountGrant, GrantedRole},
};
use eschool_store::{
    Actor, PasswordSignIn, SeenLesson, Session, SignInError, Store,
    backend::{Access, Backend, Registry},
};
use tokio::{task::JoinHandle, time::sleep};

type Shop = Store<Arc<dyn Backend>>;
type Failure = Box<dyn Error + Send + Sync>;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Save,
    SignIn,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Read, Self::Save, Self::SignIn];
}

const READERS: usize = 6;
const WRITERS: usize = 4;
const GUESTS: usize = 2;
/// How many pupils' weeks are read.
const DIARIES: usize = 24;
/// Between two deeds of one person, so that others get their turn.
const PAUSE: Duration = Duration::from_millis(2);

/// When something succeeded, and how often it was said that it could not.
#[derive(Default)]
pub(super) struct Seen {
    done: Mutex<Vec<(Kind, Instant)>>,
    refused: Mutex<usize>,
}

impl Seen {
    /// When something of a kind succeeded first after an instant.
    pub(super) fn after(&self, kind: Kind, instant: Instant) -> Option<Instant> {
        let done = locked(&self.done);
        done.iter().filter(|(of, at)| *of == kind && *at > instant).map(|(_, at)| *at).min()
    }

    fn done(&self, kind: Kind) {
        locked(&self.done).push((kind, Instant::now()));
    }

    /// That an error tells of the outage and of nothing else.
    fn refused(&self, error: &(impl CodedError + fmt::Display)) -> Result<(), Failure> {
        if !["store_unavailable", "store_overtaken", "busy"].contains(&error.code()) {
            return Err(format!("{}: {error}", error.code()).into());
        }
        *locked(&self.refused) += 1;
        Ok(())
    }
}

/// What came of it.
pub(super) struct Sums {
    done: [usize; Kind::ALL.len()],
    refused: usize,
    /// Saves that were not acknowledged and are there.
    unheard: usize,
}

impl fmt::Display for Sums {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [reads, saves, sign_ins] = self.done;
        write!(
            f,
            "{reads} diaries read, {saves} lessons saved, {sign_ins} sign-ins, {} times told that \
             the database was away, {} saves done without a word of it",
            self.refused, self.unheard
        )
    }
}

/// People at work.
pub(super) struct Load {
    store: Arc<Shop>,
    seen: Arc<Seen>,
    over: Arc<AtomicBool>,
    readers: Vec<JoinHandle<Result<(), Failure>>>,
    writers: Vec<JoinHandle<Result<usize, Failure>>>,
    guests: Vec<JoinHandle<Result<Vec<String>, Failure>>>,
}

impl Load {
    /// Finds out what is right, and sets everybody to work.
    pub(super) async fn begin(
        store: Arc<Shop>,
        backend: Arc<dyn Backend>,
        school: SchoolId,
    ) -> Result<Self, Box<dyn Error>> {
        let registry = backend.begin(Access::Read).await?.registry(school).await?;
        // The last classes are written to and the others are read, so that what is read stays.
        let written = registry.classes.len().saturating_sub(WRITERS);
        let (quiet, busy) = registry.classes.split_at_checked(written).ok_or("too few classes")?;

        let mut diaries = Vec::new();
        let day = NaiveDate::from_ymd_opt(2024, 9, 16).ok_or("no such day")?;
        let in_quiet = |class| quiet.iter().any(|other| other.id == class);
        let stays = registry.stays.iter().filter(|stay| in_quiet(stay.class));
        for stay in stays.step_by(17).take(DIARIES) {
            let week = Week { school, pupil: stay.pupil, range: DateRange::week_of(day) };
            let diary = week.read(&store).await.map_err(|error| error.to_string())?;
            diaries.push((week, diary));
        }
        let diaries: Arc<[(Week, Diary)]> = diaries.into();

        let mut editors = Vec::new();
        for class in busy {
            let mut tx = backend.begin(Access::Read).await?;
            let journal = tx.class_journal(school, class.id).await?;
            let is_whole = |lesson: &&eschool_core::journal::Lesson| {
                !lesson.cancelled && lesson.subgroup.is_none()
            };
            let lesson = journal.lessons.iter().find(is_whole).ok_or("a class has no lesson")?;
            let pupil = registry.stays.iter().find(|stay| stay.class == class.id);
            let pupil = pupil.ok_or("a class has no pupil")?.pupil;
            let session = teacher(&registry, school, &lesson.teacher)?;
            editors.push(Editor { school, session, lesson: lesson.id, pupil });
        }
        // The youngest may sign in by card.
        let class = registry.classes.iter().find(|class| class.name.to_string() == "2А");
        let class = class.ok_or("there is no 2А")?;
        let cards = store.issue_cards(Actor::Console, school, &class.name).await?.cards;

        let (seen, over) = (Arc::new(Seen::default()), Arc::new(AtomicBool::new(false)));
        let mut load = Self {
            store: Arc::clone(&store),
            seen: Arc::clone(&seen),
            over: Arc::clone(&over),
            readers: Vec::new(),
            writers: Vec::new(),
            guests: Vec::new(),
        };
        let place = || At { store: store.clone(), seen: seen.clone(), over: over.clone() };
        for reader in 0..READERS {
            load.readers.push(tokio::spawn(read(place(), Arc::clone(&diaries), reader)));
        }
        for editor in editors {
            load.writers.push(tokio::spawn(write(place(), editor)));
        }
        for made in cards.into_iter().take(GUESTS) {
            load.guests.push(tokio::spawn(sign_in(place(), made.card)));
        }
        Ok(load)
    }

    pub(super) fn seen(&self) -> &Seen {
        &self.seen
    }

    /// Lets everybody stop, and looks whether all that was acknowledged is there.
    pub(super) async fn end(self) -> Result<Sums, Box<dyn Error>> {
        self.over.store(true, Ordering::Relaxed);
        let plain = |error: Failure| error.to_string();
        for reader in self.readers {
            reader.await?.map_err(plain)?;
        }
        let mut unheard = 0;
        for writer in self.writers {
            unheard += writer.await?.map_err(plain)?;
        }
        let mut tokens = BTreeSet::new();
        for guest in self.guests {
            tokens.extend(guest.await?.map_err(plain)?);
        }
        for token in &tokens {
            self.store.session(token).await.map_err(|error| format!("a lost session: {error}"))?;
        }
        let done = locked(&self.seen.done);
        let of = |kind| done.iter().filter(|(other, _)| *other == kind).count();
        if of(Kind::SignIn) != tokens.len() {
            return Err("two sign-ins opened one session".into());
        }
        Ok(Sums { done: Kind::ALL.map(of), refused: *locked(&self.seen.refused), unheard })
    }
}

/// Where somebody works.
struct At {
    store: Arc<Shop>,
    seen: Arc<Seen>,
    over: Arc<AtomicBool>,
}

impl At {
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }
}

/// A pupil's week.
struct Week {
    school: SchoolId,
    pupil: AccountId,
    range: DateRange,
}

impl Week {
    async fn read(&self, store: &Shop) -> Result<Diary, eschool_store::DiaryError> {
        let session = session(self.school, self.pupil, PersonId(self.pupil.0), GrantedRole::Pupil);
        store.diary(&session, self.school, self.pupil, self.range).await
    }
}

async fn read(at: At, diaries: Arc<[(Week, Diary)]>, first: usize) -> Result<(), Failure> {
    for (week, right) in diaries.iter().cycle().skip(first * DIARIES / READERS) {
        if at.is_over() {
            break;
        }
        match week.read(&at.store).await {
            Ok(diary) if diary == *right => at.seen.done(Kind::Read),
            Ok(_) => return Err("a diary was read that is not the one that is there".into()),
            Err(error) => at.seen.refused(&error)?,
        }
        sleep(PAUSE).await;
    }
    Ok(())
}

/// A teacher who writes one lesson again and again.
struct Editor {
    school: SchoolId,
    session: Session,
    lesson: LessonId,
    /// Whose mark is changed.
    pupil: AccountId,
}

impl Editor {
    /// The lesson as it stands, once the database is there to tell.
    async fn page(&self, at: &At) -> Result<LessonPage, Failure> {
        loop {
            match at.store.lesson(&self.session, self.school, self.lesson).await {
                Ok(page) => return Ok(page),
                Err(error) => at.seen.refused(&error)?,
            }
            sleep(PAUSE).await;
        }
    }

    /// The page with the topic of this turn, and the mark of it.
    fn draft(&self, page: &LessonPage, turn: usize) -> Result<LessonDraft, Failure> {
        let mut draft = page.draft();
        draft.topic = Some(topic(turn));
        let value: MarkValue = if turn.is_multiple_of(2) { "4" } else { "5" }.parse()?;
        if let Some(work) = draft.works.iter_mut().find(|work| work.title == TITLE) {
            for mark in &mut work.marks {
                mark.value = value.clone();
            }
            return Ok(draft);
        }
        draft.works.push(WorkDraft {
            id: None,
            kind: WorkKind("Ответ на уроке".into()),
            title: TITLE.into(),
            weight: Weight::ONE,
            marks: vec![MarkDraft { id: None, pupil: self.pupil, value, comment: None }],
        });
        Ok(draft)
    }
}

const TITLE: &str = "Ответ, который исправляют";

fn topic(turn: usize) -> String {
    format!("Урок, записанный в {turn}-й раз")
}

/// Saves a lesson turn by turn; tells how many saves were done without being acknowledged.
async fn write(at: At, editor: Editor) -> Result<usize, Failure> {
    let mut page = editor.page(&at).await?;
    let begun = page.version;
    let (mut turn, mut unheard) = (0_usize, 0);
    while !at.is_over() {
        let seen = SeenLesson { lesson: editor.lesson, version: page.version };
        let draft = editor.draft(&page, turn)?;
        match at.store.save_lesson(&editor.session, editor.school, Some(seen), draft).await {
            Ok(saved) => {
                at.seen.done(Kind::Save);
                page = saved;
            }
            Err(error) => {
                at.seen.refused(&error)?;
                // Whether it was done is not known, so one looks.
                let found = editor.page(&at).await?;
                let is_done = found.lesson.topic == Some(topic(turn));
                if !is_done && found.version != page.version {
                    return Err("a lesson is neither as it was nor as it was to be".into());
                }
                page = found;
                if !is_done {
                    continue;
                }
                unheard += 1;
            }
        }
        turn += 1;
        sleep(PAUSE).await;
    }
    let last = editor.page(&at).await?;
    if turn > 0 && last.lesson.topic != Some(topic(turn - 1)) {
        return Err("the last save of a lesson was lost".into());
    }
    if last.version != begun + turn as u64 {
        let saved = last.version - begun;
        return Err(format!("{turn} saves were acknowledged, {saved} are there").into());
    }
    // The first gave the mark, each later one changed it.
    let history = at.store.mark_history(&editor.session, editor.school, editor.lesson).await?;
    let changes = history.iter().filter(|change| change.pupil == editor.pupil).count();
    if changes + 1 != turn.max(1) {
        return Err(format!("{turn} saves left {changes} changes of a mark").into());
    }
    Ok(unheard)
}

/// Signs in again and again; tells what opens the sessions.
async fn sign_in(at: At, card: RegistrationCard) -> Result<Vec<String>, Failure> {
    let mut tokens = Vec::new();
    while !at.is_over() {
        let request = PasswordSignIn {
            login: card.login.to_string(),
            password: card.password.clone().into(),
            source: None,
            device: None,
        };
        match at.store.sign_in_with_password(request).await {
            Ok(signed_in) => {
                at.seen.done(Kind::SignIn);
                tokens.push(signed_in.token.to_text().to_string());
            }
            Err(SignInError::Store(error)) => at.seen.refused(&error)?,
            Err(SignInError::Refused(refusal)) => return Err(refusal.code.to_string().into()),
        }
        sleep(PAUSE * 10).await;
    }
    Ok(tokens)
}

/// The session of the teacher of this name.
fn teacher(registry: &Registry, school: SchoolId, name: &str) -> Result<Session, Box<dyn Error>> {
    let is_staff = |id| registry.staff.iter().any(|post| post.account == id);
    let mut accounts = registry.accounts.iter().filter(|account| is_staff(account.id));
    let account = accounts.find(|account| account.name.to_string() == name);
    let account = account.ok_or("a lesson has no teacher")?;
    let role = GrantedRole::Staff { class_teacher_of: Vec::new(), duties: Vec::new() };
    Ok(session(school, account.id, account.person, role))
}

fn session(school: SchoolId, account: AccountId, person: PersonId, role: GrantedRole) -> Session {
    Session {
        person,
        accounts: vec![AccountGrant { account, school, roles: vec![role] }],
        method: SignInMethod::Esia,
        choose: false,
        chosen: None,
        password_ends: None,
        expires_at: DateTime::<Utc>::MAX_UTC,
        app: None,
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
