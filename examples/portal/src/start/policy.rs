//! The policy by its name or from a file.

use std::fs;

use eschool_core::policy::SignInPolicy;

use super::StartError;

/// The preset of this name, else the policy in this JSON file.
///
/// ```
/// assert_eq!(portal::start::policy::load("udmurtia_2023")?.name(), "udmurtia_2023");
/// assert!(portal::start::policy::load("atlantis").is_err());
/// # Ok::<(), portal::start::StartError>(())
/// ```
///
/// A policy that waits for consents (as `ryazan_2024` does) is refused: this portal keeps none yet,
/// so nobody whom it asks for one could ever get in.
///
/// # Errors
/// [`StartError::PolicyNotFound`] where there is neither, [`StartError::Policy`] for an unknown,
/// missing or contradictory rule, which it names.
pub fn load(name: &str) -> Result<SignInPolicy, StartError> {
    let policy = read(name)?;
    let (first, later) = policy.schedule();
    let mut rules = std::iter::once(first).chain(later.iter().map(|dated| &dated.rules));
    if rules.any(|rules| !rules.consent.is_empty()) {
        let why = "the rule `consent` asks for consents, and this portal keeps none yet".into();
        return Err(StartError::Policy { name: name.into(), why });
    }
    Ok(policy)
}

fn read(name: &str) -> Result<SignInPolicy, StartError> {
    if let Ok(preset) = SignInPolicy::preset(name) {
        return Ok(preset);
    }
    let Ok(text) = fs::read_to_string(name) else {
        let presets = SignInPolicy::PRESETS.join(", ");
        return Err(StartError::PolicyNotFound { name: name.into(), presets });
    };
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| StartError::Policy { name: name.into(), why: error.to_string() })
}
