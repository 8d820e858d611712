//! How changes replace rows.

use std::collections::BTreeSet;

use eschool_core::{
    id::{LessonId, PersonId, SchoolId},
    journal::Lesson,
    people::School,
};

use super::state::{SchoolState, State, final_key, place};
use crate::{
    backend::{BackendError, Changes, Credential, Device, Removed, SchoolClass, StoredAccount},
    secret::ClaimKind,
};

impl State {
    /// Writes the changes, list by list in the order of [`Changes`], each list from its first row
    /// to its last.
    pub(super) fn apply(&mut self, changes: &Changes) -> Result<(), BackendError> {
        self.remove_archived(&changes.archive);
        self.take_away(&changes.removed);
        self.apply_year(changes);
        self.apply_people(changes)?;
        self.apply_sign_in(changes);
        self.apply_journal(changes)?;
        for row in &changes.refused_rows {
            let key = (row.file.clone(), row.line);
            self.owned(row.school).refused_rows.insert(key, row.clone());
        }
        for (school, file, line) in &changes.settled_rows {
            self.owned(*school).refused_rows.remove(&(file.clone(), *line));
        }
        self.apply_family(changes)?;
        self.apply_archive(&changes.archive);
        self.audit.extend(changes.audit.iter().cloned());
        self.seal_audit(changes)
    }

    fn take_away(&mut self, removed: &Removed) {
        for claim in &removed.claims {
            self.claims.remove(&(claim.key, claim.kind.code(), claim.school, claim.account));
        }
        for key in &removed.shared_phones {
            self.shared_phones.remove(key);
        }
        for (school, stay) in &removed.stays {
            self.owned(*school).stays.remove(&(stay.pupil, stay.class, stay.from));
        }
        for (school, part) in &removed.subgroups {
            let key = (part.pupil, part.class, part.subject.clone(), part.from);
            self.owned(*school).subgroups.remove(&key);
        }
        for (school, bond) in &removed.guardianships {
            self.owned(*school).guardianships.remove(&(bond.parent, bond.child));
        }
        for (school, post) in &removed.staff {
            self.owned(*school).staff.remove(&(post.account, post.subject.clone()));
        }
        for class in &removed.classes {
            self.owned(class.school).classes.remove(&class.id);
        }
        for (school, lesson) in &removed.lessons {
            let owned = self.owned(*school);
            if let Some(former) = owned.lessons.remove(&lesson.id) {
                owned.places.remove(&place(&former));
                owned.versions.remove(&lesson.id);
            }
        }
        for (school, work) in &removed.works {
            self.owned(*school).works.remove(&work.id);
        }
        for (school, mark) in &removed.marks {
            self.owned(*school).marks.remove(&mark.id);
        }
        for (school, row) in &removed.attendance {
            self.owned(*school).attendance.remove(&(row.pupil, row.lesson));
        }
        for (school, row) in &removed.individual_homework {
            let key = (row.lesson, row.pupil, row.position);
            self.owned(*school).individual_homework.remove(&key);
        }
    }

    fn apply_people(&mut self, changes: &Changes) -> Result<(), BackendError> {
        for school in &changes.schools {
            let same = |other: &&School| {
                other.id != school.id && other.login_prefix == school.login_prefix
            };
            if self.schools.values().find(same).is_some() {
                return Err(BackendError::Conflict);
            }
            self.schools.insert(school.id, school.clone());
        }
        for (school, frame) in &changes.frames {
            self.owned(*school).frame = frame.clone();
        }
        for (school, grading) in &changes.gradings {
            self.owned(*school).grading = *grading;
        }
        for class in &changes.classes {
            self.owned(class.school).save_class(class)?;
        }
        for (school, class) in &changes.unfinished_journals {
            self.owned(*school).unfinished_journals.insert(*class);
        }
        for (school, class) in &changes.finished_journals {
            self.owned(*school).unfinished_journals.remove(class);
        }
        self.save_accounts(&changes.accounts);
        self.claims.retain(|_, claim| {
            claim.kind != ClaimKind::EsiaId
                || !changes.lost_esia.contains(&(claim.school, claim.account))
        });
        for claim in &changes.claims {
            let key = (claim.key, claim.kind.code(), claim.school, claim.account);
            self.claims.insert(key, claim.clone());
        }
        for row in &changes.shared_phones {
            self.shared_phones.insert(row.key, row.clone());
        }
        self.apply_merges(changes);
        for (school, stay) in &changes.stays {
            self.owned(*school).stays.insert((stay.pupil, stay.class, stay.from), *stay);
        }
        for (school, membership) in &changes.subgroups {
            let key =
                (membership.pupil, membership.class, membership.subject.clone(), membership.from);
            self.owned(*school).subgroups.insert(key, membership.clone());
        }
        for (school, bond) in &changes.guardianships {
            self.owned(*school).guardianships.insert((bond.parent, bond.child), bond.clone());
        }
        for (school, post) in &changes.staff {
            let key = (post.account, post.subject.clone());
            self.owned(*school).staff.insert(key, post.clone());
        }
        for (school, row) in &changes.duties {
            let key = (row.account, row.duty.as_str().to_owned());
            self.owned(*school).duties.insert(key, row.clone());
        }
        Ok(())
    }

    fn apply_sign_in(&mut self, changes: &Changes) {
        for credential in &changes.credentials {
            self.save_credential(credential);
        }
        for entry in &changes.card_journal {
            self.owned(entry.school).card_journal.push(entry.clone());
        }
        self.counters.extend(changes.counters.iter().copied());
        for device in &changes.devices {
            self.devices.insert((device.token.0, device.login_hash), *device);
        }
        for (former, now) in &changes.rehashed_logins {
            let used = self.devices.extract_if(.., |_, device| device.login_hash == *former);
            let used: Vec<_> = used.map(|(_, device)| device).collect();
            for device in used {
                let key = (device.token.0, *now);
                self.devices.entry(key).or_insert(Device { login_hash: *now, ..device });
            }
        }
        for row in &changes.app_grants {
            self.app_grants.insert((row.person, row.id), row.clone());
        }
        for row in &changes.renewed_grants {
            if let Some(grant) = self.app_grants.get_mut(&(row.person, row.id)) {
                grant.accounts.clone_from(&row.accounts);
                grant.refresh = row.refresh;
                grant.used_at = row.used_at;
                grant.granted_until = row.granted_until;
                grant.expires_at = row.expires_at;
            }
        }
        for session in &changes.sessions {
            let is_there = |grant| self.app_grants.contains_key(&(session.person, grant));
            if !session.app.is_none_or(is_there) {
                continue;
            }
            self.sessions.insert((session.person, session.token.0), session.clone());
        }
        for (person, token, account) in &changes.chosen {
            if let Some(session) = self.sessions.get_mut(&(*person, token.0)) {
                session.chosen = Some(*account);
            }
        }
        for grant in &changes.ended_grants {
            self.app_grants.remove(grant);
            self.sessions
                .retain(|(person, _), session| (*person, session.app) != (grant.0, Some(grant.1)));
        }
        let ended = |person: &PersonId| {
            changes.ended_people.contains(person)
                || changes.ended_others.iter().any(|(other, _)| other == person)
        };
        self.app_grants.retain(|(person, _), _| !ended(person));
        for (person, token) in &changes.ended_sessions {
            self.sessions.remove(&(*person, token.0));
        }
        self.sessions.retain(|_, session| !changes.ended_people.contains(&session.person));
        for row in &changes.refused_sign_ins {
            self.refused_sign_ins.insert(row.case, row.clone());
        }
        for case in &changes.forgotten_cases {
            self.refused_sign_ins.remove(case);
        }
        for row in &changes.invitations {
            self.invitations.insert(row.token.0, row.clone());
        }
        for token in &changes.forgotten_invitations {
            self.invitations.remove(&token.0);
        }
        self.devices.retain(|_, device| !changes.forgotten_devices.contains(&device.login_hash));
    }

    fn apply_journal(&mut self, changes: &Changes) -> Result<(), BackendError> {
        for (school, lesson) in &changes.lessons {
            self.owned(*school).save_lesson(lesson)?;
        }
        for (school, lesson) in &changes.emptied_lessons {
            self.owned(*school).empty_lesson(*lesson);
        }
        for (school, work) in &changes.works {
            self.owned(*school).works.insert(work.id, work.clone());
        }
        for (school, mark) in &changes.marks {
            self.owned(*school).marks.insert(mark.id, mark.clone());
        }
        for change in &changes.mark_changes {
            let key = (change.lesson, change.entry);
            self.owned(change.school).mark_changes.entry(key).or_insert_with(|| change.clone());
        }
        for (school, row) in &changes.attendance {
            self.owned(*school).attendance.insert((row.pupil, row.lesson), row.clone());
        }
        for (school, row) in &changes.individual_homework {
            let key = (row.lesson, row.pupil, row.position);
            self.owned(*school).individual_homework.insert(key, row.clone());
        }
        for (school, row) in &changes.remarks {
            let key = (row.lesson, row.pupil, row.position);
            self.owned(*school).remarks.insert(key, row.clone());
        }
        for (school, lesson) in changes.touched_lessons() {
            let owned = self.owned(school);
            if owned.lessons.contains_key(&lesson) {
                *owned.versions.entry(lesson).or_default() += 1;
            }
        }
        for (school, mark) in &changes.finals {
            self.owned(*school).finals.insert(final_key(mark), mark.clone());
        }
        for (school, mark) in &changes.removed_finals {
            self.owned(*school).finals.remove(&final_key(mark));
        }
        for (school, event) in &changes.events {
            if self.owned(*school).events.insert(event.cursor, event.clone()).is_some() {
                return Err(BackendError::Conflict);
            }
        }
        Ok(())
    }

    /// Saves accounts and takes away the keys that were typed for them before, the changes bring
    /// those they have now; and lists each under its person alone.
    fn save_accounts(&mut self, accounts: &[StoredAccount]) {
        let saved: BTreeSet<_> =
            accounts.iter().map(|account| (account.school, account.id)).collect();
        self.claims.retain(|_, claim| {
            !matches!(claim.kind, ClaimKind::Snils | ClaimKind::Phone | ClaimKind::Email)
                || !saved.contains(&(claim.school, claim.account))
        });
        for account in accounts {
            self.owned(account.school).accounts.insert(account.id, account.clone());
        }
        self.memberships.retain(|(_, school, account)| !saved.contains(&(*school, *account)));
        for (school, id) in saved {
            if let Some(account) = self.school(school).accounts.get(&id) {
                let person = account.person;
                self.memberships.insert((person, school, id));
            }
        }
    }

    /// Saves a card, and takes away the account's former one.
    fn save_credential(&mut self, credential: &Credential) {
        let holder = (credential.school, credential.account);
        self.credentials.retain(|_, former| (former.school, former.account) != holder);
        self.credentials.insert(credential.login_hash, credential.clone());
    }

    pub(super) fn owned(&mut self, school: SchoolId) -> &mut SchoolState {
        self.owned.entry(school).or_default()
    }
}

impl SchoolState {
    fn save_class(&mut self, class: &SchoolClass) -> Result<(), BackendError> {
        let same = |other: &SchoolClass| (other.year, &other.name) == (class.year, &class.name);
        if self.classes.values().any(|other| other.id != class.id && same(other)) {
            return Err(BackendError::Conflict);
        }
        self.classes.insert(class.id, class.clone());
        Ok(())
    }

    fn empty_lesson(&mut self, lesson: LessonId) {
        self.works.retain(|_, row| row.lesson != lesson);
        self.marks.retain(|_, row| row.lesson != lesson);
        self.attendance.retain(|_, row| row.lesson != lesson);
        self.individual_homework.retain(|_, row| row.lesson != lesson);
        self.remarks.retain(|_, row| row.lesson != lesson);
    }

    fn save_lesson(&mut self, lesson: &Lesson) -> Result<(), BackendError> {
        let there = place(lesson);
        if self.places.get(&there).is_some_and(|other| *other != lesson.id) {
            return Err(BackendError::Conflict);
        }
        if let Some(former) = self.lessons.insert(lesson.id, lesson.clone()) {
            self.places.remove(&place(&former));
        }
        self.places.insert(there, lesson.id);
        Ok(())
    }
}
