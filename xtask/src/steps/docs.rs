//! The documentation: it builds without a warning, and every public type of the core has an example
//! that runs.

use std::fs;
use std::path::Path;

use crate::command;
use crate::report::{Outcome, Stop};
use crate::workspace::Workspace;

/// The crate whose types all have examples.
const CORE: &str = "eschool_core";

pub(super) fn run(workspace: &Workspace) -> Outcome {
    // What is written must also hold for who turns no feature on.
    let mut plain = workspace.cargo();
    plain.args(["doc", "--package", "eschool-esia", "--no-deps"]);
    command::run(plain.env("RUSTDOCFLAGS", "-D warnings"))?;
    let mut cargo = workspace.cargo();
    cargo.args(["doc", "--workspace", "--no-deps", "--all-features"]);
    command::run(cargo.env("RUSTDOCFLAGS", "-D warnings"))?;
    examples(&workspace.target().join("doc").join(CORE))
}

/// Looks through the pages that rustdoc has just made: it knows which types are public, whatever
/// macro made them, and `cargo test` runs what it shows as an example.
fn examples(folder: &Path) -> Outcome {
    let read = |page: &str| {
        fs::read_to_string(folder.join(page))
            .map_err(|error| Stop::Failed(format!("no page {page} of {CORE}: {error}")))
    };
    let types = types(&read("all.html")?);
    if types.is_empty() {
        return Err(Stop::Failed(format!("the list of everything in {CORE} names no type")));
    }
    let mut without = Vec::new();
    for page in &types {
        if !has_example(&read(page)?) {
            println!("no example: {}", path(page));
            without.push(path(page));
        }
    }
    println!("{} public types of {CORE}, {} without an example", types.len(), without.len());
    if without.is_empty() {
        Ok(())
    } else {
        Err(Stop::Failed(format!("public types without an example: {}", without.join(", "))))
    }
}

/// The pages of all structs, enums and traits, as the list of everything links them.
fn types(all: &str) -> Vec<String> {
    let links = all.split("href=\"").skip(1).filter_map(|rest| rest.split_once('"'));
    let pages = links.map(|(page, _)| page).filter(|page| {
        let file = page.rsplit('/').next().unwrap_or(page);
        ["struct.", "enum.", "trait."].iter().any(|kind| file.starts_with(kind))
    });
    let mut pages: Vec<String> = pages.map(str::to_owned).collect();
    pages.sort();
    pages.dedup();
    pages
}

/// `identity/struct.Snils.html` as a person names it: `identity::Snils`.
fn path(page: &str) -> String {
    let page = page.strip_suffix(".html").unwrap_or(page);
    let (modules, file) = page.rsplit_once('/').unwrap_or(("", page));
    let name = file.split_once('.').map_or(file, |(_, name)| name);
    let modules = modules.split('/').filter(|module| !module.is_empty());
    modules.chain([name]).collect::<Vec<_>>().join("::")
}

/// Whether what stands at the top of a type's page, before its fields and methods, has a block of
/// Rust that is not marked as one that does not compile or does not run.
fn has_example(page: &str) -> bool {
    let Some((_, top)) = page.split_once("top-doc") else { return false };
    let top = top.split_once("</details>").map_or(top, |(top, _)| top);
    top.split("class=\"example-wrap").skip(1).any(|block| {
        let (marks, block) = block.split_once('"').unwrap_or((block, ""));
        let block = block.split_once("</pre>").map_or(block, |(block, _)| block);
        marks.is_empty() && block.contains("rust-example-rendered")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_what_the_list_links() {
        let all = r##"<ul><li><a href="identity/struct.Snils.html">identity::Snils</a></li>
            <li><a href="signin/enum.Attempt.html">x</a><a href="trait.Seen.html">x</a></li>
            <li><a href="signin/fn.admit.html">x</a><a href="constant.STRUCT.html">x</a></li>
            <li><a href="identity/struct.Snils.html">again</a><a href="#structs">x</a></li></ul>"##;
        let found = types(all);
        assert_eq!(
            found,
            ["identity/struct.Snils.html", "signin/enum.Attempt.html", "trait.Seen.html"]
        );
        let named: Vec<_> = found.iter().map(|page| path(page)).collect();
        assert_eq!(named, ["identity::Snils", "signin::Attempt", "Seen"]);
    }

    #[test]
    fn an_example_is_a_block_of_rust_at_the_top_that_runs() {
        let page = |top: &str| {
            format!("<h1>x</h1><details class=\"toggle top-doc\" open>{top}</details>{RUNS}")
        };
        for (top, has) in [
            (format!("<p>words</p>{RUNS}"), true),
            (format!("{TEXT}<p>words</p>{RUNS}"), true),
            ("<p>words</p>".to_owned(), false),
            (TEXT.to_owned(), false),
            (IGNORED.to_owned(), false),
        ] {
            assert_eq!(has_example(&page(&top)), has, "{top}");
        }
        assert!(!has_example(RUNS), "no documentation at all");
    }

    const RUNS: &str = r#"<div class="example-wrap"><pre class="rust rust-example-rendered"><code>1</code></pre></div>"#;
    const TEXT: &str =
        r#"<div class="example-wrap"><pre class="language-text"><code>1</code></pre></div>"#;
    const IGNORED: &str = r#"<div class="example-wrap ignore"><pre class="rust rust-example-rendered"><code>1</code></pre></div>"#;
}
