//! Every statement that a database can be sent, and what it may read; for the tests of both databases.
//!
//! The texts are read from our own sources. sqlx takes a text that is fixed when the program is
//! compiled: a literal, or several joined by `concat!`. Who makes one while the program runs has to
//! say `AssertSqlSafe`, and the few files that do are listed here. So no statement is missed, and none
//! depends on a test that happens to run it.
//!
//! The rule: a region has hundreds of schools, and a school thousands of people and a million marks.
//!
//! 1. No table is read from its first row to its last, nor an index without a place to begin at.
//! 2. Nothing reads all that a school has in a table and throws most of it away: where the school is
//!    all that a table is searched by, the rows that are found are the answer. Tables of which a
//!    school has a few rows, see `size`, may be read so and looked through.
//! 3. What breaks this on purpose stands in [`ON_PURPOSE`], with its reason, and nowhere else.

#![cfg(any(feature = "sqlite", feature = "postgres"))]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// A statement as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Statement {
    /// The file it stands in, within the backend's folder.
    pub(crate) file: String,
    pub(crate) text: String,
}

/// Statements that read a table whole, by what only their text has, with the table.
const ON_PURPOSE: &[(&str, &str)] = &[
    // The merges of a whole region are planned by all its people at once.
    ("FROM claim WHERE kind = 'snils'", "claim"),
    ("FROM account ORDER BY school_id, account_id", "account"),
    ("FROM account a ORDER BY a.school_id, a.account_id", "account"),
    ("SELECT one_id, other_id FROM kept_apart ORDER BY", "kept_apart"),
    // An audit is verified whole: marks of a seal that is not there, and schools that are none.
    ("SELECT DISTINCT seal FROM audit", "audit"),
    ("WHERE length(school_id) <> 16", "audit"),
    ("WHERE length(school_id) <> 16", "audit_seal"),
    // One row, the last of an index: SQLite's plan does not tell.
    ("(SELECT ifnull(max(entry), 0) FROM card_journal", "card_journal"),
    // One row.
    ("SELECT mac FROM installation", "installation"),
    // A row for each change of the lookup key.
    ("FROM lookup_mark ORDER BY number", "lookup_mark"),
    // The steps of the schema, a dozen.
    ("FROM _sqlx_migrations", "_sqlx_migrations"),
    // The list of schools.
    ("FROM school ORDER BY name, school_id", "school"),
];

/// Files whose texts are made while the program runs: they begin transactions, make partitions and
/// spread tables, and search for no rows.
const MADE: &[&str] = &["distribute.rs", "mod.rs", "partition.rs"];

/// What is excused, to be told what has become of it.
#[derive(Debug, Default)]
pub(crate) struct Excuses(BTreeSet<(&'static str, &'static str)>);

impl Excuses {
    /// Whether a statement reads a table whole on purpose.
    pub(crate) fn excuse(&mut self, statement: &Statement, table: &str) -> bool {
        let mut found =
            ON_PURPOSE.iter().filter(|(text, of)| *of == table && statement.text.contains(text));
        found.next().is_some_and(|excuse| {
            self.0.insert(*excuse);
            true
        })
    }

    /// How many of the list were needed.
    pub(crate) fn used(&self) -> usize {
        self.0.len()
    }
}

/// The statements in the sources of a backend, by its folder, but for those that are about the tables
/// themselves.
pub(crate) fn of(backend: &str) -> Vec<Statement> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(backend);
    let mut statements = Vec::new();
    read_folder(&folder, "", &mut statements);
    statements.sort();
    statements
}

fn read_folder(folder: &Path, within: &str, statements: &mut Vec<Statement>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let file = format!("{within}{name}");
        match file.as_str() {
            "distribute.rs" | "figures.rs" => {}
            _ if matches!(name, "tests" | "tests.rs") => {}
            _ if path.is_dir() => read_folder(&path, &format!("{file}/"), statements),
            _ => {
                let source = fs::read_to_string(&path).unwrap();
                assert!(
                    MADE.contains(&file.as_str()) || !source.contains("AssertSqlSafe"),
                    "{file} makes texts while the program runs: nobody knows how they find their rows"
                );
                let texts = texts(&source);
                let texts = texts.into_iter().filter(|text| is_statement(text));
                statements.extend(texts.map(|text| Statement { file: file.clone(), text }));
            }
        }
    }
}

fn is_statement(text: &str) -> bool {
    let text = text.trim_start_matches('(');
    ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "MERGE ", "WITH "]
        .iter()
        .any(|word| text.starts_with(word))
}

/// The texts in a source: literals, and what `concat!` joins.
fn texts(source: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let source: TokenStream = source.parse().unwrap();
    collect(source.clone(), &named(source), &mut texts);
    texts
}

/// Texts that have a name: macros that take nothing and give a text.
fn named(source: TokenStream) -> BTreeMap<String, String> {
    let tokens: Vec<TokenTree> = source.into_iter().collect();
    let mut named = BTreeMap::new();
    for window in tokens.windows(4) {
        if let [
            TokenTree::Ident(word),
            TokenTree::Punct(_),
            TokenTree::Ident(name),
            TokenTree::Group(body),
        ] = window
            && word == "macro_rules"
            && let [TokenTree::Group(taken), .., TokenTree::Group(given), TokenTree::Punct(_)] =
                &body.stream().into_iter().collect::<Vec<_>>()[..]
            && taken.stream().is_empty()
            && let Some(text) = joined(given.stream(), &named)
        {
            named.insert(name.to_string(), text);
        }
    }
    named
}

fn collect(tokens: TokenStream, named: &BTreeMap<String, String>, texts: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut rest = &tokens[..];
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (
                TokenTree::Ident(word),
                [TokenTree::Punct(_), TokenTree::Group(parts), after @ ..],
            ) if word == "concat" => {
                let text = joined(parts.stream(), named);
                texts.push(text.unwrap_or_else(|| panic!("what is joined here? {parts}")));
                rest = after;
            }
            (TokenTree::Group(group), _) => collect(group.stream(), named, texts),
            (first, _) => texts.extend(text_of(first)),
        }
    }
}

/// The text that parts make together, if all of them are texts.
fn joined(parts: TokenStream, named: &BTreeMap<String, String>) -> Option<String> {
    let parts: Vec<TokenTree> = parts.into_iter().collect();
    let mut text = String::new();
    for part in parts.split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ',')) {
        match part {
            [] => {}
            [literal @ TokenTree::Literal(_)] => text.push_str(&text_of(literal)?),
            [TokenTree::Ident(name), TokenTree::Punct(_), TokenTree::Group(group)]
                if group.delimiter() == Delimiter::Parenthesis =>
            {
                text.push_str(named.get(&name.to_string())?);
            }
            _ => return None,
        }
    }
    Some(text)
}

fn text_of(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    let syn::Lit::Str(text) = syn::Lit::new(literal.clone()) else { return None };
    Some(text.value())
}

#[test]
fn texts_are_read_as_the_compiler_reads_them() {
    let source = r#"
        /// SELECT "in a comment"
        macro_rules! columns { () => { "a, \
            b" }; }
        // "SELECT nothing"
        const ONE: &str = concat!("SELECT ", columns!(), " FROM \"t\"");
        fn it() { other!(x, "DELETE FROM t \
            WHERE 'quoted'", |row| 'c'); let text = "Selected"; }
    "#;
    let mut found = texts(source);
    found.retain(|text| is_statement(text));
    assert_eq!(found, ["SELECT a, b FROM \"t\"", "DELETE FROM t WHERE 'quoted'"]);
}
