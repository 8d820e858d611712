//! What a list of families tells.

/// A home: children of the school and those who answer for them.
pub(super) struct Home {
    /// The local part of the family's e-mail address, which its children share.
    pub(super) mail: Option<&'static str>,
    /// Parents or a guardian, by family name, given name and patronymic. One who is named in a
    /// second home, or among a school's teachers, is the same person.
    pub(super) parents: &'static [(Role, &'static str)],
    /// Class, name, and what the child is there to show. Two of one class are twins.
    pub(super) children: &'static [(&'static str, &'static str, Turn)],
}

/// What an adult is to the children (тип родства).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Мать.
    Mother,
    /// Отец.
    Father,
    /// Опекун.
    Guardian,
}

/// What the sample shows with a pupil.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Turn {
    /// Nothing in particular.
    Plain,
    /// A young pupil, who signs in by password.
    Young,
    /// Fifteen years old: past the threshold for long.
    Fifteen,
    /// Reaches the threshold on the day after the first.
    OnThreshold,
    /// Reached the threshold some weeks ago.
    PastThreshold,
    /// Left the school two weeks ago.
    Gone,
    /// Is exempt from sport for the year.
    Exempt,
}
