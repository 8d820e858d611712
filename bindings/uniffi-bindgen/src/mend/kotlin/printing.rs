//! How values are printed in Kotlin.

const BEGINS: &str = "    override fun toString(): String {
        return FfiConverterString.lift(
    uniffiRustCall() { _status ->
    UniffiLib.";
const ARGUMENT: &str = ".lower(this),
        _status)
}
    )
    }";

/// The text in which `toString` of a value that the library refuses – a record with a date that no
/// calendar has – says the class, and throws nothing: no caller expects it of `toString`.
pub(super) fn printed_safely(text: &str) -> String {
    let mut parts = text.split(BEGINS);
    let mut mended: String = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let call = part.split_once(ARGUMENT).and_then(|(call, rest)| {
            let (function, converter) = call.split_once('(')?;
            Some((function, converter, rest))
        });
        match call {
            Some((function, converter, rest)) => {
                mended.push_str(&format!(
                    "    override fun toString(): String = ru.eschool.core.told(this) {{
        FfiConverterString.lift(
            uniffiRustCall {{ status -> UniffiLib.{function}({converter}.lower(this), status) }}
        )
    }}"
                ));
                mended.push_str(rest);
            }
            // As it was: who looks for what is left finds it.
            None => {
                mended.push_str(BEGINS);
                mended.push_str(part);
            }
        }
    }
    mended
}
