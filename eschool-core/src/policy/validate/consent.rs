//! What makes the rules of consent sound.

use super::{PolicyError, between_1_and_18, contradiction, known, months};
use crate::policy::{AgeBand, ConsentRule, GiverRule, Role, Rules, consent::uncovered_from};

impl Rules {
    pub(super) fn validate_consent(&self) -> Result<(), PolicyError> {
        for (i, rule) in self.consent.iter().enumerate() {
            known!("consent.role", rule.role);
            known!("consent.purpose", rule.purpose);
            if let Some(band) = &rule.band {
                known!("consent.band", band);
            }
            if rule.role != Role::Pupil {
                return Err(contradiction("consent.role", "only pupils wait for a consent"));
            }
            let overlaps = self.consent.iter().skip(i + 1).any(|other| {
                let same_band =
                    rule.band.is_none() || other.band.is_none() || rule.band == other.band;
                rule.purpose == other.purpose && same_band
            });
            if overlaps {
                return Err(contradiction("consent", "two rules for one purpose and band"));
            }
            self.validate_givers(rule)?;
        }
        Ok(())
    }

    fn validate_givers(&self, rule: &ConsentRule) -> Result<(), PolicyError> {
        if rule.givers.is_empty() {
            return Err(PolicyError::Missing { rule: "consent.givers" });
        }
        for (i, giver) in rule.givers.iter().enumerate() {
            known!("consent.givers.giver", giver.giver);
            validate_ages(giver)?;
            if rule.givers.iter().skip(i + 1).any(|other| other.giver == giver.giver) {
                return Err(contradiction("consent.givers", "two rules for one giver"));
            }
        }
        let threshold = months(self.threshold);
        let (first, end) = match rule.band {
            Some(AgeBand::Younger) => (0, Some(threshold)),
            Some(AgeBand::Older) => (threshold, None),
            _ => (0, None),
        };
        let spans =
            rule.givers.iter().map(|giver| (giver.from.map_or(0, months), giver.until.map(months)));
        let nobody_from = uncovered_from(first, spans);
        if nobody_from.is_some_and(|age| end.is_none_or(|end| age < end)) {
            return Err(contradiction(
                "consent.givers",
                "there is an age at which nobody may give what is demanded",
            ));
        }
        Ok(())
    }
}

fn validate_ages(giver: &GiverRule) -> Result<(), PolicyError> {
    for (rule, age) in [("consent.givers.from", giver.from), ("consent.givers.until", giver.until)]
    {
        if let Some(age) = age {
            between_1_and_18(rule, age)?;
        }
    }
    match (giver.from, giver.until) {
        (Some(from), Some(until)) if until <= from => {
            Err(contradiction("consent.givers.until", "it ends before it begins"))
        }
        _ => Ok(()),
    }
}
