//! The package that forms check with: served where it is there, asked for by nothing where it is not.

use std::fs;

use crate::{
    house::{Folder, House},
    native::authorize,
};

const MODULES: [&str; 7] = [
    "checks.js",
    "bound.js",
    "only-checks.js",
    "border.js",
    "identity.js",
    "codes.js",
    "wasm/checks.js",
];
const BINARY: &str = "wasm/checks_bg.wasm";
const SCRIPTS: &str = "; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; ";

/// A folder in which each file of the package holds its own name, and one that is none of its files.
fn package() -> Folder {
    let folder = Folder::new();
    fs::create_dir(folder.path().join("wasm")).unwrap();
    for name in MODULES.into_iter().chain([BINARY, "package.json"]) {
        fs::write(folder.path().join(name), name).unwrap();
    }
    folder
}

/// What follows `before` in a page, up to the next quotation mark.
fn told<'p>(page: &'p str, before: &str) -> &'p str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before}: {page}"));
    rest.split('"').next().unwrap()
}

#[tokio::test]
async fn without_a_package_nothing_runs() {
    let folder = Folder::new();
    let house = House::with_school(&folder).await;
    let page = house.browser().get("/").await;
    assert!(!page.body.contains("<script"), "{}", page.body);
    assert!(!page.header("content-security-policy").unwrap().contains("script"));
    let entry = house.browser().get("/assets/package/0000000000000000/checks.js").await;
    assert_eq!(entry.status, 404);
}

#[tokio::test]
async fn a_page_names_its_script_and_the_package_and_may_run_them() {
    let (folder, package) = (Folder::new(), package());
    let house = House::with_school_and_package(&folder, package.path()).await;
    let (cards, _) = house.cards("5А").await;
    let mut browser = house.signed_in(&cards[0]).await;
    for (path, led_to) in [("/week", ""), (authorize(&[]).as_str(), " http://127.0.0.1:4100")] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        let csp = page.header("content-security-policy").unwrap();
        assert!(csp.starts_with("default-src 'none'; ") && csp.contains(SCRIPTS), "{csp}");
        assert!(csp.contains(&format!("; form-action 'self'{led_to}")), "{csp}");
        assert_eq!(page.body.matches("<script").count(), 1, "{path}");
    }

    let page = house.browser().get("/").await.body;
    assert!(page.contains(" data-check=\"login\""), "{page}");
    let script = told(&page, "<script type=\"module\" src=\"");
    let script = house.browser().get(script).await;
    assert_eq!(script.header("content-type"), Some("text/javascript; charset=utf-8"));
    assert!(script.header("cache-control").unwrap().contains("immutable"));
    assert!(script.body.contains("data-check"), "{}", script.body);
    let entry = house.browser().get(told(&page, " data-package=\"")).await;
    assert_eq!((entry.status, entry.body.as_str()), (200, "checks.js"));
}

#[tokio::test]
async fn the_files_of_a_package_are_kept_by_browsers() {
    let (folder, package) = (Folder::new(), package());
    let house = House::with_school_and_package(&folder, package.path()).await;
    let page = house.browser().get("/").await.body;
    let entry = told(&page, " data-package=\"").to_owned();
    let base = entry.strip_suffix("checks.js").unwrap();
    for name in MODULES.into_iter().chain([BINARY]) {
        let path = format!("{base}{name}");
        let file = house.browser().get(&path).await;
        assert_eq!((file.status, file.body.as_str()), (200, name));
        let kind = match name {
            BINARY => "application/wasm",
            _ => "text/javascript; charset=utf-8",
        };
        let tag = file.header("etag").unwrap();
        assert!(path.contains(&format!("/{}/", tag.trim_matches('"'))), "{path} {tag}");
        for (header, value) in [
            ("content-type", kind),
            ("cache-control", "public, max-age=31536000, immutable"),
            ("x-content-type-options", "nosniff"),
        ] {
            assert_eq!(file.header(header), Some(value), "{name}");
        }
        let again = house.browser().with("If-None-Match", tag).get(&path).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{name}");
        let head = house.browser().send("HEAD", &path, None, b"").await;
        assert_eq!((head.status, head.body.as_str()), (200, ""), "{name}");
        assert_eq!(head.header("content-length"), Some(name.len().to_string().as_str()));
    }
    // What lies beside is not served, nor is anything else, and another version is not this one.
    for name in [
        "",
        "package.json",
        "wasm",
        "wasm/",
        "wasm%2Fchecks.js%00",
        "wasm/../checks.js",
        "../../../Cargo.toml",
        "%2e%2e/%2e%2e/Cargo.toml",
    ] {
        let path = format!("{base}{name}");
        assert_eq!(house.browser().get(&path).await.status, 404, "{path}");
    }
    let other = house.browser().get("/assets/package/0000000000000000/checks.js").await;
    assert_eq!((other.status, other.header("cache-control")), (404, Some("no-store")));

    // Another content has another address.
    fs::write(package.path().join(BINARY), "another").unwrap();
    let folder = Folder::new();
    let house = House::with_school_and_package(&folder, package.path()).await;
    assert!(!house.browser().get("/").await.body.contains(&entry));
    assert_eq!(house.browser().get(&entry).await.status, 404);
}
