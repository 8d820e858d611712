//! `/rs/prns/…`: within the scope, for the person alone.

use crate::stand::{DAUGHTER, FATHER, MOTHER, NOBODY_KNOWS, SCOPE, Stand};

#[tokio::test]
async fn a_person_is_told_as_esia_tells_it() {
    let stand = Stand::open().await;
    for (name, oid) in [
        ("mother", MOTHER),
        ("nobody_knows", NOBODY_KNOWS),
        ("father", FATHER),
        ("daughter", DAUGHTER),
    ] {
        let token = stand.access_to(oid, SCOPE).await;
        let reply = stand.data(&format!("/rs/prns/{oid}"), &token).await;
        insta::assert_json_snapshot!(format!("person_{name}"), reply.json());
        let path = format!("/rs/prns/{oid}/ctts?embed=(elements)");
        let reply = stand.data(&path, &token).await;
        insta::assert_json_snapshot!(format!("contacts_{name}"), reply.json());
    }
}

#[tokio::test]
async fn what_is_outside_the_scope_is_absent() {
    let stand = Stand::open().await;
    let path = format!("/rs/prns/{MOTHER}");
    let all = ["firstName", "lastName", "middleName", "birthDate", "gender", "snils"];
    for (scope, told) in [
        ("openid fullname", &["firstName", "lastName", "middleName"][..]),
        ("birthdate", &["birthDate"]),
        ("gender", &["gender"]),
        ("openid snils mobile", &["snils"]),
    ] {
        let token = stand.access_to(MOTHER, scope).await;
        let json = stand.data(&path, &token).await.json();
        for field in all {
            assert_eq!(json.get(field).is_some(), told.contains(&field), "{scope}: {field}");
        }
        assert_eq!(json["trusted"], true, "{scope}");
    }
    for (scope, told) in [("mobile", "MBT"), ("openid email", "EML")] {
        let token = stand.access_to(MOTHER, scope).await;
        let json = stand.data(&format!("{path}/ctts?embed=(elements)"), &token).await.json();
        assert_eq!((&json["size"], &json["elements"][0]["type"]), (&1.into(), &told.into()));
    }
    let token = stand.access_to(MOTHER, "contacts").await;
    let json = stand.data(&format!("{path}/ctts?embed=(elements)"), &token).await.json();
    let kinds = json["elements"].as_array().unwrap().iter().map(|contact| &contact["type"]);
    assert_eq!(kinds.collect::<Vec<_>>(), ["MBT", "EML"]);
    assert_eq!(stand.data(&path, &token).await.status, 403, "contacts open contacts alone");
}

#[tokio::test]
async fn without_embedding_contacts_are_addresses() {
    let stand = Stand::open().await;
    let token = stand.access_to(MOTHER, "mobile").await;
    let json = stand.data(&format!("/rs/prns/{MOTHER}/ctts"), &token).await.json();
    let address = json["elements"][0].as_str().unwrap();
    let path = address.strip_prefix(&stand.base).unwrap();
    let contact = stand.data(path, &token).await.json();
    assert_eq!((&contact["type"], &contact["value"]), (&"MBT".into(), &"+7(999)1234567".into()));
    let none = stand.data(&format!("/rs/prns/{MOTHER}/ctts/1"), &token).await;
    assert_eq!(none.status, 404);
}

#[tokio::test]
async fn a_token_opens_its_own_person_within_its_scope() {
    let stand = Stand::open().await;
    let token = stand.access_to(MOTHER, "openid fullname").await;
    let narrow = stand.access_to(MOTHER, "openid").await;
    let contacts = stand.access_to(MOTHER, "mobile").await;
    let mother = format!("/rs/prns/{MOTHER}");
    for (path, token, status) in [
        (mother.clone(), &token, 200),
        (format!("/rs/prns/{FATHER}"), &token, 403),
        (format!("/rs/prns/0{MOTHER}"), &token, 403),
        ("/rs/prns/x".into(), &token, 403),
        (mother.clone(), &narrow, 403),
        (mother.clone(), &contacts, 403),
        (format!("{mother}/ctts"), &token, 403),
        (format!("{mother}/ctts/10000000010"), &token, 403),
        (format!("/rs/prns/{FATHER}/ctts"), &contacts, 403),
    ] {
        let reply = stand.data(&path, token).await;
        assert_eq!(reply.status, status, "{path}");
        assert_eq!(reply.challenge.is_some(), status == 403);
    }
    let told: Vec<_> = stand.emulator.refusals().into_iter().map(|told| told.check).collect();
    let (person, scope) = ("token_person", "token_scope");
    assert_eq!(told, [person, scope, scope, scope, scope, person, person, person]);
}

#[tokio::test]
async fn a_bad_token_opens_nothing() {
    let stand = Stand::open().await;
    let answer = stand.tokens(MOTHER).await;
    let token = answer["access_token"].as_str().unwrap();
    let path = format!("/rs/prns/{MOTHER}");
    let id_token = format!("Bearer {}", answer["id_token"].as_str().unwrap());
    let tampered = format!("Bearer {token}A");
    for header in ["", "Bearer", "Bearer ", "Basic YTpi", token, &id_token, &tampered] {
        let reply = stand.get(&path, &[("authorization", header)]).await;
        assert_eq!(reply.status, 401, "{header}");
        assert!(reply.challenge.unwrap().contains("invalid_token"));
        assert!(!reply.body.contains("Ёлкина"));
    }
    assert_eq!(stand.emulator.refusals()[0].check, "token_bad");
    assert_eq!(stand.get(&path, &[]).await.status, 401);
    assert_eq!(stand.emulator.refusals()[0].check, "token_missing");
    stand.wait(3599);
    assert_eq!(stand.data(&path, token).await.status, 200);
    stand.wait(1);
    assert_eq!(stand.data(&path, token).await.status, 401);
}
