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
/// # Errors
/// [`StartError::PolicyNotFound`] where there is neither, [`StartError::Policy`] for an unknown,
/// missing or contradictory rule, which it names.
pub fn load(name: &str) -> Result<SignInPolicy, StartError> {
    if let Some(preset) = SignInPolicy::preset(name) {
        return Ok(preset);
    }
    let Ok(text) = fs::read_to_string(name) else {
        let presets = SignInPolicy::PRESETS.join(", ");
        return Err(StartError::PolicyNotFound { name: name.into(), presets });
    };
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|error| StartError::Policy { name: name.into(), why: error.to_string() })
}
