//! The TypeScript declarations that wasm-bindgen and tsify write, made to read as if somebody had
//! written them: names a JavaScript programmer knows, comments without Rust, what is not needed left
//! out, functions first and then the types in the order they are met.

mod comment;
mod names;
mod rust_left;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt::Write as _;

use self::comment::comment;
use self::names::Names;
pub(super) use self::rust_left::rust_left;

/// Rust's names for what has another here.
const RENAMED: [(&str, &str); 9] = [
    ("DateTime<Utc>", "Instant"),
    ("NaiveDate", "LocalDate"),
    ("NaiveTime", "LocalTime"),
    ("Snils", "SnilsText"),
    ("MobilePhone", "MobilePhoneText"),
    ("Email", "EmailText"),
    ("Login", "LoginText"),
    ("FullName", "FullNameParts"),
    ("BirthDate", "BirthDateText"),
];

/// Functions that the classes of the package call, and nobody else.
const INTERNAL: [&str; 12] = [
    "birthDateOfSomebodyOn",
    "fullName",
    "policyCardRefusal",
    "policyInWords",
    "policyOf",
    "policyPasswordEnds",
    "policyPasswordNotice",
    "policyPreset",
    "policyPresets",
    "policyRulesOn",
    "reachedOn",
    "valueOfKind",
];

/// What makes the module ready; the entries of the package call it.
const READY: &str = "
export function initSync(module: { module: BufferSource | WebAssembly.Module }): unknown;

export default function init(module: { module_or_path: URL }): Promise<unknown>;
";

/// Without it everything would be exported that is declared.
const CLOSED: &str = "\nexport {};\n";

/// The line that ends what is declared of types and functions.
const END: &str = "export type InitInput";

/// A declaration with the comment above it.
#[derive(Debug, Default, Clone)]
struct Item {
    comment: Vec<String>,
    code: Vec<String>,
}

impl Item {
    /// What it declares; nothing for an import.
    fn name(&self) -> Option<&str> {
        let words = self.code.first()?.strip_prefix("export ")?;
        let name = words.split_once(' ')?.1;
        name.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    }

    fn is_function(&self) -> bool {
        self.code.first().is_some_and(|line| line.starts_with("export function"))
    }

    fn names(&self) -> BTreeSet<&str> {
        let code = self.code.iter().filter(|line| !is_comment(line));
        code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'))
            .filter(|word| word.starts_with(char::is_uppercase))
            .collect()
    }
}

fn is_comment(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("/**") || line.starts_with('*')
}

/// Declarations for the two who read them.
#[derive(Debug)]
pub(super) struct Declarations {
    /// What the package's own TypeScript is compiled against.
    pub(super) own: String,
    /// What its callers see.
    pub(super) shipped: String,
}

/// The declarations, of what wasm-bindgen wrote.
pub(super) fn polished(raw: &str) -> Declarations {
    let raw = items(raw);
    let code = raw.iter().flat_map(|item| &item.code).filter(|line| !is_comment(line));
    let names = Names::of(code.map(String::as_str));
    let items: Vec<Item> = raw.into_iter().map(|item| polish(item, &names)).collect();
    let is_internal = |item: &Item| item.name().is_some_and(|name| INTERNAL.contains(&name));
    let (internal, items): (Vec<_>, Vec<_>) = items.into_iter().partition(is_internal);
    let shipped = ordered(&items, internal.iter().flat_map(Item::names));
    let own = internal
        .iter()
        .fold(shipped.clone(), |text, item| text + "\n" + &item.code.join("\n") + "\n");
    Declarations { own: own + READY, shipped: shipped + CLOSED }
}

/// Functions first, then the types in the order they are met, from them and from what else asks.
fn ordered<'i>(items: &'i [Item], asking: impl Iterator<Item = &'i str>) -> String {
    let (functions, rest): (Vec<_>, Vec<_>) = items.iter().partition(|item| item.is_function());
    let (types, other): (Vec<_>, Vec<_>) = rest.into_iter().partition(|item| item.name().is_some());
    let by_name: BTreeMap<&str, &Item> =
        types.iter().filter_map(|item| Some((item.name()?, *item))).collect();
    let mut met: Vec<&Item> = Vec::new();
    let mut seen = BTreeSet::new();
    let of_functions = functions.iter().flat_map(|item| item.names());
    let mut asked: VecDeque<&str> = of_functions.chain(asking).collect();
    while let Some(name) = asked.pop_front() {
        if let Some(item) = by_name.get(name).filter(|_| seen.insert(name)) {
            met.push(item);
            asked.extend(item.names());
        }
    }
    let mut text = String::new();
    for item in &other {
        if !item.code.iter().any(|line| line.starts_with("import ")) {
            text.push('\n');
        }
        item.code.iter().for_each(|line| {
            let _ = writeln!(text, "{line}");
        });
    }
    for item in functions.into_iter().chain(met) {
        text.push('\n');
        for line in item.comment.iter().chain(&item.code) {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// The module that holds the codes as values and types, of what wasm-bindgen wrote of the whole.
pub(super) fn codes(raw: &str) -> String {
    let of = |name: &str| -> Vec<&str> {
        let begin = format!("export type {name} =");
        let lines = raw.lines().skip_while(|line| **line != begin).skip(1);
        lines
            .map_while(|line| line.trim().strip_prefix("| \""))
            .filter_map(|line| line.split('"').next())
            .collect()
    };
    let (checks, other) = (of("CheckErrorCode"), of("OtherErrorCode"));
    let mut all = [checks.clone(), other].concat();
    all.sort_unstable();
    let list = |codes: &[&str]| {
        codes.iter().fold(String::new(), |text, code| text + &format!("  \"{code}\",\n"))
    };
    let union = |codes: &[&str]| {
        codes.iter().fold(String::new(), |text, code| text + &format!("\n  | \"{code}\""))
    };
    format!(
        "/** The codes of everything that is thrown, as the library's Rust has them. */\n\n\
         /** A code that the checks throw. */\n\
         export type CheckErrorCode ={};\n\n\
         /** The code of an error: one of `ERROR_CODES`, or one that a newer version has. */\n\
         export type ErrorCode ={}\n  | (string & {{}});\n\n\
         /** The codes that the checks throw. */\n\
         export const CHECK_ERROR_CODES: readonly CheckErrorCode[] = Object.freeze([\n{}] as const);\n\n\
         /** The codes of everything that is thrown. */\n\
         export const ERROR_CODES: readonly ErrorCode[] = Object.freeze([\n{}] as const);\n",
        union(&checks),
        union(&all),
        list(&checks),
        list(&all)
    )
}

fn items(raw: &str) -> Vec<Item> {
    let mut items = Vec::new();
    let mut item = Item::default();
    let mut in_comment = false;
    for line in raw.lines() {
        if line.starts_with(END) {
            break;
        }
        if item.code.is_empty() {
            if line.starts_with("/**") || in_comment {
                in_comment = !line.ends_with("*/");
                item.comment.push(line.to_owned());
                continue;
            }
            if line.is_empty() || line.starts_with("/*") {
                continue;
            }
        }
        item.code.push(line.to_owned());
        let is_block = item.code.first().is_some_and(|line| line.ends_with('{'));
        if if is_block { line == "}" } else { line.ends_with(';') } {
            items.push(std::mem::take(&mut item));
        }
    }
    items
}

fn polish(item: Item, names: &Names) -> Item {
    let comment = comment(&item.comment, "", names);
    let is_exported = item.code.first().is_some_and(|line| line.starts_with("export "));
    let mut code = Vec::new();
    let mut told: Vec<String> = Vec::new();
    for line in item.code {
        if is_comment(&line) {
            told.push(line);
            if told.last().is_some_and(|line| line.ends_with("*/")) {
                code.extend(self::comment(&std::mem::take(&mut told), "    ", names));
            }
        } else if !is_exported {
            code.push(line);
        } else {
            code.extend(broken(&typed(&line)));
        }
    }
    Item { comment, code }
}

/// A line of code with the names it has here.
fn typed(line: &str) -> String {
    let mut line = line.replace("DateTime<Utc>", "Instant");
    line = line.replace("{ unknown: string }", "(string & {})");
    for unknown in ["UnknownRule", "UnknownRole", "UnknownChange"] {
        line = line.replace(&format!("{{ unknown: {unknown} }}"), unknown);
        for tag in ["role", "kind"] {
            line = line.replace(&format!("({{ {tag}: \"unknown\" }} & {unknown})"), unknown);
        }
    }
    // What a function or a class of the package takes keeps the name of the class.
    if line.starts_with("export function") || line.starts_with("export interface") {
        return line;
    }
    let mut text = String::new();
    let mut word = String::new();
    let put = |word: &mut String, text: &mut String| {
        let renamed = RENAMED.iter().find(|(rust, _)| rust == word);
        text.push_str(renamed.map_or(word.as_str(), |(_, name)| name));
        word.clear();
    };
    for c in line.chars() {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else {
            put(&mut word, &mut text);
            text.push(c);
        }
    }
    put(&mut word, &mut text);
    text
}

/// A union that is too long for a line, one part a line.
fn broken(line: &str) -> Vec<String> {
    const LONGEST: usize = 100;
    let Some((head, union)) = line.split_once(" = ").filter(|_| line.len() > LONGEST) else {
        return vec![line.to_owned()];
    };
    let (mut parts, mut depth) = (vec![String::new()], 0_i32);
    for c in union.trim_end_matches(';').chars() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if c == '|' && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    if parts.len() < 3 {
        return vec![line.to_owned()];
    }
    let last = parts.len() - 1;
    let lines = parts
        .iter()
        .enumerate()
        .map(|(at, part)| format!("    | {}{}", part.trim(), if at == last { ";" } else { "" }));
    [format!("{head} =")].into_iter().chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_read_as_if_somebody_had_written_them() {
        let raw = "\
/* tslint:disable */
import type { Snils } from \"x\";


/**
 * Somebody ([`Snils`](crate::Snils)).
 *
 * ```
 * use x;
 * ```
 */
export interface Who {
    /**
     * The number.
     */
    snils?: Snils;
    born: NaiveDate;
    code: Code;
}

/**
 * Nobody asks.
 */
export type Lost = string;

export type Code = \"a\" | { unknown: string };

/**
 * Finds.
 */
export function find(who: Who): string;

export type InitInput = RequestInfo;
";
        let expected = "\
import type { Snils } from \"x\";

/** Finds. */
export function find(who: Who): string;

/** Somebody (`Snils`). */
export interface Who {
    /** The number. */
    snils?: SnilsText;
    born: LocalDate;
    code: Code;
}

export type Code = \"a\" | (string & {});
";
        let told = polished(raw);
        assert_eq!(told.shipped, expected.to_owned() + CLOSED);
        assert_eq!(told.own, expected.to_owned() + READY);
    }

    #[test]
    fn what_only_the_package_calls_is_not_shipped() {
        let raw = "export function reachedOn(years: any): string;\n\n\
                   /**\n * Says.\n */\nexport function said(): string;\n";
        let told = polished(raw);
        assert_eq!(told.shipped, "\n/** Says. */\nexport function said(): string;\n\nexport {};\n");
        assert!(
            told.own.contains("export function reachedOn(years: any): string;"),
            "{}",
            told.own
        );
    }

    #[test]
    fn long_unions_stand_one_part_a_line() {
        let parts = ["{ kind: \"first\"; of: A | B }", "{ kind: \"second\" }", "(string & {})"];
        let long = format!("export type Long{} = {};", "g".repeat(80), parts.join(" | "));
        let lines = broken(&long);
        assert_eq!(lines.len(), 4, "{lines:?}");
        assert_eq!(lines.get(1).map(String::as_str), Some("    | { kind: \"first\"; of: A | B }"));
        assert_eq!(lines.last().map(String::as_str), Some("    | (string & {});"));
        assert_eq!(broken("export type A = \"a\" | \"b\";").len(), 1);
    }

    #[test]
    fn codes_become_values() {
        let told = "export type CheckErrorCode =\n    | \"b\";\nexport type OtherErrorCode =\n    | \"a\"\n    | \"c\";\n";
        let module = codes(told);
        for part in [
            "type CheckErrorCode =\n  | \"b\";",
            "type ErrorCode =\n  | \"a\"\n  | \"b\"\n  | \"c\"\n  | (string & {});",
            "CHECK_ERROR_CODES: readonly CheckErrorCode[] = Object.freeze([\n  \"b\",\n] as const)",
            " ERROR_CODES: readonly ErrorCode[] = Object.freeze([\n  \"a\",\n  \"b\",\n  \"c\",\n]",
        ] {
            assert!(module.contains(part), "{part}: {module}");
        }
    }
}
