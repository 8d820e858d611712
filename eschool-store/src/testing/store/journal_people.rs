//! A school whose teachers write: the families, a colleague, an administrator.

use chrono::{DateTime, Utc};
use eschool_core::{
    id::{AccountId, LessonId},
    journal::{LessonDraft, LessonPage, MarkDraft, Weight, WorkDraft, WorkKind},
    people::{Duty, StaffPost},
    policy::{SignInMethod, SignInPolicy},
    signin::{AccountGrant, GrantedRole},
};

use super::{
    Harness,
    families::{Known, MOTHER, NEWCOMER, TEACHER, families},
};
use crate::{
    LessonError, SeenLesson, Session,
    backend::{Backend, Changes, DutyRow},
    testing::fixtures::{account_id, class_id, day, person_id, school_id},
};

/// Teaches chemistry, leads no class.
pub(super) const COLLEAGUE: Known = NEWCOMER;

/// Administers the school.
pub(crate) const ADMINISTRATOR: Known = Known {
    account: 41,
    person: 41,
    school: 1,
    name: ("Липа", "Вера"),
    born: "01.02.1970",
    snils: "",
    phone: "",
};

/// The families with a colleague and an administrator.
pub(super) fn school_at_work() -> Changes {
    let school = school_id(1);
    let mut changes = families();
    for known in [COLLEAGUE, ADMINISTRATOR] {
        known.save(&mut changes);
    }
    let post = StaffPost {
        account: COLLEAGUE.id(),
        subject: "Химия".into(),
        class_teacher_of: None,
        until: None,
    };
    changes.staff.push((school, post));
    let (account, duty) = (ADMINISTRATOR.id(), Duty::Administrator);
    changes.duties.push((school, DutyRow { account, duty, since: day("2024-09-01") }));
    changes
}

/// A store over that school, with more rows.
pub(crate) async fn at_work<B: Backend>(backend: B, more: impl FnOnce(&mut Changes)) -> Harness<B> {
    let mut changes = school_at_work();
    more(&mut changes);
    Harness::with(backend, changes, SignInPolicy::ryazan_2022()).await
}

/// The session of somebody who was granted one role in school 1.
pub(super) fn session(account: u128, role: GrantedRole) -> Session {
    let grant =
        AccountGrant { account: account_id(account), school: school_id(1), roles: vec![role] };
    Session {
        person: person_id(account),
        accounts: vec![grant],
        method: SignInMethod::Esia,
        choose: false,
        chosen: None,
        password_ends: None,
        expires_at: DateTime::<Utc>::MAX_UTC,
        app: None,
    }
}

/// The session of a member of staff.
pub(crate) fn staff(known: Known) -> Session {
    session(known.account, GrantedRole::Staff { class_teacher_of: vec![], duties: vec![] })
}

/// The session of the mother of Анна and Алла.
pub(super) fn mother() -> Session {
    session(MOTHER.account, GrantedRole::Parent { children: vec![account_id(1), account_id(2)] })
}

/// The session of a pupil.
pub(super) fn pupil(account: u128) -> Session {
    session(account, GrantedRole::Pupil)
}

/// A lesson of algebra that its teacher is about to write.
pub(crate) fn algebra(date: &str, number: u8) -> LessonDraft {
    LessonDraft {
        class: class_id(8),
        subgroup: None,
        date: day(date),
        number,
        subject: "Алгебра".into(),
        instead_of: None,
        cancelled: false,
        distant: false,
        teacher: format!("{} {}", TEACHER.name.0, TEACHER.name.1),
        room: "204".into(),
        topic: None,
        homework: None,
        works: vec![],
        late_marks: vec![],
        attendance: vec![],
        individual_homework: vec![],
        remarks: vec![],
    }
}

/// A work with marks, each of a pupil.
pub(super) fn work(title: &str, marks: &[(u128, &str)]) -> WorkDraft {
    let mark = |(pupil, value): &(u128, &str)| MarkDraft {
        id: None,
        pupil: account_id(*pupil),
        value: value.parse().unwrap(),
        comment: None,
    };
    WorkDraft {
        id: None,
        kind: WorkKind("Ответ".into()),
        title: title.into(),
        weight: Weight::ONE,
        marks: marks.iter().map(mark).collect(),
    }
}

/// Which state of a lesson a page shows.
pub(super) fn seen(page: &LessonPage) -> Option<SeenLesson> {
    Some(SeenLesson { lesson: page.lesson.id, version: page.version })
}

impl<B: Backend> Harness<B> {
    /// Changes one thing in a lesson as somebody sees it.
    pub(crate) async fn change(
        &self,
        who: &Session,
        page: &LessonPage,
        change: impl FnOnce(&mut LessonDraft),
    ) -> Result<LessonPage, LessonError> {
        let mut draft = page.draft();
        change(&mut draft);
        self.store.save_lesson(who, Self::SCHOOL, seen(page), draft).await
    }

    /// Writes a new lesson as its teacher.
    pub(crate) async fn new_lesson(&self, draft: LessonDraft) -> LessonPage {
        self.store.save_lesson(&staff(TEACHER), Self::SCHOOL, None, draft).await.unwrap()
    }

    /// The lesson as its teacher reads it.
    pub(crate) async fn page(&self, lesson: LessonId) -> LessonPage {
        self.store.lesson(&staff(TEACHER), Self::SCHOOL, lesson).await.unwrap()
    }
}

/// The accounts of the three pupils.
pub(super) const PUPILS: [AccountId; 3] = [account_id(1), account_id(2), account_id(3)];
