//! Consents and other grounds.

use std::sync::Arc;

use eschool_core::{
    error::CodedError as _,
    people::{Consent, ConsentPurpose, DataBasis, DataGround, Guardianship},
    policy::SignInPolicy,
    signin::{Assurance, EsiaPerson, RefusalCode},
};

use super::{
    Harness,
    families::{FATHER, Known, MOTHER, TEACHER, bond},
    journal_people::{COLLEAGUE, at_work, mother, school_at_work, staff},
    refused,
};
use crate::{
    GroundError,
    backend::Backend,
    testing::{
        fixtures::{account_id, day, school_id},
        reading,
    },
};

/// The pupil 1, with a number in ЕСИА.
const ANNA: Known = Known {
    account: 1,
    person: 1,
    school: 1,
    name: ("Ёлкина", "Анна"),
    born: "31.08.2010",
    snils: "087-654-302 00",
    phone: "",
};

/// Where the policy waits for a parent's consent, the pupil gets in once it is given, and is out
/// when it is withdrawn.
pub async fn a_pupil_gets_in_by_a_parents_consent(backend: impl Backend) {
    let mut changes = school_at_work();
    ANNA.save(&mut changes);
    let harness = Harness::with(backend, changes, SignInPolicy::ryazan_2024()).await;
    let store = &harness.store;
    let anna = EsiaPerson { assurance: Assurance::Child, ..ANNA.in_esia() };
    let before = store.sign_in_with_esia(anna.clone()).await;
    assert_eq!(refused(before), RefusalCode::ConsentMissing);

    let consent = give(&harness, MOTHER, 1).await.unwrap();
    assert_eq!(consent.from, day("2024-09-02"));
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.outcome.as_str()), ("consent", "given"));
    assert_eq!((entry.actor, entry.subject), (Some(MOTHER.id()), Some(account_id(1))));
    let signed_in = store.sign_in_with_esia(anna.clone()).await.unwrap();
    let token = signed_in.token.to_text();
    assert!(store.session(&token).await.is_ok());

    harness.clock.set("2024-09-10T09:00:00Z");
    store.withdraw_consent(&mother(), school_id(1), &consent).await.unwrap();
    store.withdraw_consent(&mother(), school_id(1), &consent).await.unwrap();
    assert_eq!(store.session(&token).await.unwrap_err().code(), "session_ended");
    let after = store.sign_in_with_esia(anna).await;
    assert_eq!(refused(after), RefusalCode::ConsentMissing);
    let listed = store.consents(&mother(), school_id(1), account_id(1)).await.unwrap();
    let [row] = &listed[..] else { panic!("one consent: {listed:?}") };
    assert_eq!(row.revoked, Some(day("2024-09-10")));
}

/// A consent is given and withdrawn by the giver, or written down from paper by who keeps the
/// registry; the family reads what was given, and others leave a line in the audit.
pub async fn a_consent_is_the_givers_or_the_registrys(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school) = (&harness.store, school_id(1));
    let not_hers = give(&harness, MOTHER, 3).await.unwrap_err();
    assert_eq!(not_hers.code(), "not_yours");
    let (giver, pupil) = (MOTHER.id(), account_id(1));
    let by = async |known| {
        let purpose = ConsentPurpose::PersonalData;
        store.give_consent(&staff(known), school, giver, pupil, purpose, None).await
    };
    assert_eq!(by(COLLEAGUE).await.unwrap_err().code(), "not_allowed");
    let consent = by(TEACHER).await.unwrap();
    let of_father = store
        .give_consent(
            &staff(TEACHER),
            school,
            FATHER.id(),
            pupil,
            ConsentPurpose::PersonalData,
            None,
        )
        .await;
    assert_eq!(of_father.unwrap_err().code(), "not_yours");

    let colleague = staff(COLLEAGUE);
    let refused = store.withdraw_consent(&colleague, school, &consent).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    let never = Consent { from: day("2024-09-01"), ..consent.clone() };
    let unknown = store.withdraw_consent(&mother(), school, &never).await.unwrap_err();
    assert!(matches!(unknown, GroundError::NotFound));
    store.withdraw_consent(&staff(TEACHER), school, &consent).await.unwrap();

    let lines = store.audit(100).await.unwrap().len();
    assert_eq!(store.consents(&mother(), school, pupil).await.unwrap().len(), 1);
    assert_eq!(store.audit(100).await.unwrap().len(), lines);
    assert_eq!(store.consents(&staff(TEACHER), school, pupil).await.unwrap().len(), 1);
    let entry = store.audit(1).await.unwrap().remove(0);
    assert_eq!((entry.action.as_str(), entry.subject), ("consents_read", Some(pupil)));
    let refused = store.consents(&colleague, school, pupil).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
}

/// Who is barred from a child by one account gives no consent by another of the same school.
pub async fn a_bar_holds_for_consents_in_every_account(backend: impl Backend) {
    let again = Known { account: 71, ..MOTHER };
    let harness = at_work(backend, |changes| {
        Known { snils: "", phone: "", ..again }.save(changes);
        let (school, of_mother) = bond(again, 1);
        changes.guardianships.push((school, Guardianship { barred: true, ..of_mother }));
    })
    .await;
    assert_eq!(give(&harness, MOTHER, 1).await.unwrap_err().code(), "access_barred");
    assert!(give(&harness, MOTHER, 2).await.is_ok());
}

/// A ground is kept with its paper sealed; a consent is withdrawn, another ground gets its last
/// day.
pub async fn grounds_are_kept_sealed(backend: impl Backend) {
    let backend = Arc::new(backend);
    let harness = at_work(Arc::clone(&backend), |_| {}).await;
    let (store, school, pupil) = (&harness.store, school_id(1), account_id(1));
    let basis = |ground| DataBasis {
        account: pupil,
        ground,
        document: "Согласие Ёлкиной М. И. № 17".into(),
        date: day("2024-09-01"),
        until: None,
        withdrawn: None,
    };
    let nameless = DataBasis { document: " ".into(), ..basis(DataGround::Law) };
    let refused = store.add_basis(&staff(TEACHER), school, nameless).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("document_missing", Some("document")));
    let colleague = staff(COLLEAGUE);
    let refused = store.add_basis(&colleague, school, basis(DataGround::Law)).await.unwrap_err();
    assert_eq!(refused.code(), "not_allowed");
    for (ground, until, withdrawn) in [
        (DataGround::Consent, None, Some(day("2024-10-01"))),
        (DataGround::Law, Some(day("2024-09-30")), None),
    ] {
        let teacher = staff(TEACHER);
        let known = store.add_basis(&teacher, school, basis(ground.clone())).await.unwrap();
        let ended =
            store.end_basis(&teacher, school, pupil, known.id, day("2024-10-01")).await.unwrap();
        assert_eq!((ended.until, ended.withdrawn), (until, withdrawn));
        let listed = store.data_bases(&teacher, school, pupil).await.unwrap();
        assert!(listed.iter().any(|one| one.id == known.id && one.basis == ended));
    }
    let rows = reading(&backend).await.data_bases(school, &[pupil]).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let bytes = row.basis.to_bytes();
        assert!(!bytes.windows(12).any(|window| window == "Ёлкино".as_bytes()));
        assert!(!bytes.windows(8).any(|window| window == b"document"));
    }
}

/// A ground that was withdrawn stays so from its day on, and one that ends anyway ends no later.
pub async fn what_has_ended_is_not_prolonged(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school, teacher) = (&harness.store, school_id(1), staff(TEACHER));
    let (early, late) = (day("2024-10-01"), day("2024-12-01"));
    for (ground, until, withdrawn) in
        [(DataGround::Consent, None, Some(early)), (DataGround::Law, Some(day("2024-09-30")), None)]
    {
        let basis = DataBasis {
            account: account_id(1),
            ground,
            document: "Приказ № 17".into(),
            date: day("2024-09-01"),
            until: None,
            withdrawn: None,
        };
        let known = store.add_basis(&teacher, school, basis).await.unwrap();
        for from in [early, late] {
            let ended = store.end_basis(&teacher, school, account_id(1), known.id, from);
            let ended = ended.await.unwrap();
            assert_eq!((ended.until, ended.withdrawn), (until, withdrawn));
        }
    }
}

/// A consent to what this version does not know is not taken, however long its name.
pub async fn what_nobody_knows_is_not_consented_to(backend: impl Backend) {
    let harness = at_work(backend, |_| {}).await;
    let (store, school) = (&harness.store, school_id(1));
    for purpose in ["a_newer_one", &"x".repeat(9000)] {
        let purpose = ConsentPurpose::from(purpose);
        let pupil = account_id(1);
        let given = store.give_consent(&mother(), school, MOTHER.id(), pupil, purpose, None).await;
        let refused = given.unwrap_err();
        assert_eq!((refused.code(), refused.field()), ("consent_purpose_unknown", Some("purpose")));
    }
    let long = DataBasis {
        account: account_id(1),
        ground: DataGround::Law,
        document: "я".repeat(501),
        date: day("2024-09-01"),
        until: None,
        withdrawn: None,
    };
    let refused = store.add_basis(&staff(TEACHER), school, long).await.unwrap_err();
    assert_eq!((refused.code(), refused.field()), ("document_too_long", Some("document")));
}

/// An account whose days are over is erased, unless the school keeps the data on another ground.
pub async fn a_ground_keeps_a_closed_account(backend: impl Backend) {
    let mut rules = SignInPolicy::ryazan_2022().schedule().0.clone();
    rules.erase_after_days = Some(30);
    let policy = SignInPolicy::new("erases", rules, Vec::new()).unwrap();
    let harness = Harness::with(backend, school_at_work(), policy).await;
    let store = &harness.store;
    // Алла leaves on 10 October: closed from the 11th, erased on 10 November.
    let law = DataBasis {
        account: account_id(2),
        ground: DataGround::Law,
        document: "Приказ № 17".into(),
        date: day("2024-09-01"),
        until: Some(day("2024-11-30")),
        withdrawn: None,
    };
    store.add_basis(&staff(TEACHER), school_id(1), law).await.unwrap();
    harness.clock.set("2024-11-30T12:00:00Z");
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 0);
    harness.clock.set("2024-12-01T12:00:00Z");
    assert_eq!(store.close_and_erase_due(100).await.unwrap(), 1);
}

async fn give<B: Backend>(
    harness: &Harness<B>,
    giver: Known,
    pupil: u128,
) -> Result<Consent, GroundError> {
    let purpose = ConsentPurpose::SchoolPortfolio;
    let (giver, pupil) = (giver.id(), account_id(pupil));
    harness.store.give_consent(&mother(), school_id(1), giver, pupil, purpose, None).await
}
