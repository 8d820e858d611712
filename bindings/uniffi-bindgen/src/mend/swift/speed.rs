pub(super) fn quick(text: &str) -> anyhow::Result<String> {
    Ok(text.to_owned())
}
