//! A phone that two people were once seen to share identifies nobody.

use std::sync::Arc;

use eschool_core::{
    people::TypedEntry,
    policy::SignInPolicy,
    signin::{EsiaPerson, RefusalCode},
};

use super::{
    Harness,
    families::{FATHER, Known, TEACHER},
    journal_people::{at_work, staff},
    lookups::{Stages, with_keys},
    parents::{AUNT, form, seen, typed},
    refused,
};
use crate::{
    Actor, AfterUndoing, ParentCorrection, Rehashed, Settlement,
    backend::{Backend, Changes, SharedPhone},
    secret::{ClaimKind, Vault},
    testing::{fixtures::school_id, reading, save},
};

/// Two parents are entered with one number, and one of them is corrected: the number still decides
/// nothing, a СНИЛС does as ever, and what is entered again is noted once.
pub async fn a_phone_of_two_people_decides_nothing_any_more(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let store = &harness.store;
    assert!(store.sign_in_with_esia(FATHER.in_esia()).await.is_ok());
    enter_and_correct(&harness).await;

    assert_eq!(refused(store.sign_in_with_esia(FATHER.in_esia()).await), RefusalCode::NotFound);
    let foreseen = store.foresee_esia(FATHER.in_esia()).await.map(|grant| grant.person);
    assert!(foreseen.is_err());
    // The father's number as well: by the СНИЛС it is the aunt.
    let aunt = EsiaPerson { verified_phone: FATHER.phone.parse().ok(), ..AUNT.in_esia() };
    assert!(store.sign_in_with_esia(aunt).await.is_ok());
    let before = noted(&backend).await;
    assert_eq!(before.len(), 1);
    enter_and_correct(&harness).await;
    assert_eq!(noted(&backend).await, before);
}

/// A note made before the lookup key was changed is found at every step of the change, and when the
/// former key is retired.
pub async fn a_shared_phone_is_found_by_either_key(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    enter_and_correct(&harness).await;
    let stages = Stages::new();
    let former = noted(&backend).await;
    for keys in [stages.next(), stages.both()] {
        let store = with_keys(&harness, &backend, keys);
        assert_eq!(refused(store.sign_in_with_esia(FATHER.in_esia()).await), RefusalCode::NotFound);
    }
    let store = with_keys(&harness, &backend, stages.both());
    while store.rehash(1).await.unwrap().left > 0 {
        assert_eq!(refused(store.sign_in_with_esia(FATHER.in_esia()).await), RefusalCode::NotFound);
    }
    let retired = with_keys(&harness, &backend, stages.retired());
    assert_eq!(refused(retired.sign_in_with_esia(FATHER.in_esia()).await), RefusalCode::NotFound);
    assert_eq!(retired.rehash(0).await.unwrap(), Rehashed::default());
    let keys: Vec<_> = noted(&backend).await.into_iter().map(|row| row.key).collect();
    let newest = Vault::new(stages.retired());
    assert_eq!(keys, [newest.lookup(ClaimKind::Phone, FATHER.phone)]);
    assert_ne!(keys, former.into_iter().map(|row| row.key).collect::<Vec<_>>());
}

/// Two accounts of a school with one number are one person's and share with nobody; once they are
/// parted again, two people have it.
pub async fn accounts_that_are_parted_share_their_phone(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = Harness::with_families(Arc::clone(&backend), SignInPolicy::ryazan_2022()).await;
    let other = Known { phone: FATHER.phone, ..AUNT };
    let mut changes = Changes::default();
    other.save(&mut changes);
    save(&backend, &changes).await;
    let (one, other) = ((school_id(1), FATHER.id()), (school_id(1), other.id()));
    let store = &harness.store;
    let joined = store.settle(Actor::Console, one, other, Settlement::OnePerson).await.unwrap();
    assert_eq!(noted(&backend).await, []);
    store.undo_merge(Actor::Console, joined.unwrap(), AfterUndoing::PlanAnew).await.unwrap();
    assert_eq!(noted(&backend).await.len(), 1);
    assert_eq!(refused(store.sign_in_with_esia(FATHER.in_esia()).await), RefusalCode::NotFound);
}

/// The aunt is entered with the father's number, which is corrected at once.
async fn enter_and_correct<B: Backend>(harness: &Harness<B>) {
    let (store, teacher, school) = (&harness.store, staff(TEACHER), school_id(1));
    let mistaken = Known { phone: FATHER.phone, ..AUNT };
    let entered = store.enter_parent(&teacher, school, &form(typed(mistaken), &[1])).await.unwrap();
    if !entered.is_new {
        return;
    }
    let correction = ParentCorrection {
        parent: entered.account,
        seen: seen(mistaken),
        typed: TypedEntry { phone: "+79120000099".into(), ..typed(mistaken) },
    };
    store.correct_parent(&teacher, school, &correction).await.unwrap();
}

async fn noted(backend: &impl Backend) -> Vec<SharedPhone> {
    reading(backend).await.shared_phones_after(None, u32::MAX).await.unwrap()
}
