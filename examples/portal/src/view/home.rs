//! What somebody is in a school, for «Мои дети» and the choice of a school.

use eschool_store::{ChildOverview, SchoolOverview, StaffOverview};

use super::{NBSP, date, who::called};

/// One school of somebody.
pub(crate) struct SchoolView {
    /// The account there.
    pub(crate) account: String,
    /// The school's name.
    pub(crate) name: String,
    /// Given and family name of who is signed in, as this school has them.
    pub(crate) holder: String,
    /// Whose diaries may be opened.
    pub(crate) children: Vec<ChildView>,
    /// «8А класс», where they are a pupil there.
    pub(crate) own_class: Option<String>,
    /// What they do there, line by line.
    pub(crate) duties: Vec<String>,
    /// What they are there, for the choice: «Анна, 5А; учитель».
    pub(crate) roles: String,
    /// Whether it is the one that stands open.
    pub(crate) is_open: bool,
}

/// A child.
pub(crate) struct ChildView {
    /// The child's account.
    pub(crate) account: String,
    /// Given and family name.
    pub(crate) name: String,
    /// «5А класс».
    pub(crate) class: Option<String>,
    /// Until when, where the child leaves the school.
    pub(crate) until: Option<String>,
    /// From which day the child's password no longer serves, once it is near.
    pub(crate) password_ends: Option<String>,
}

/// Somebody's schools by name, the order a reader looks for them in.
pub(crate) fn views(overview: impl IntoIterator<Item = SchoolOverview>) -> Vec<SchoolView> {
    let mut views: Vec<_> = overview.into_iter().map(SchoolView::of).collect();
    views.sort_by(|a, b| a.name.cmp(&b.name));
    views
}

impl SchoolView {
    /// A school as the store tells it.
    fn of(overview: SchoolOverview) -> Self {
        let SchoolOverview {
            school,
            account,
            name,
            is_open,
            is_pupil,
            class,
            children,
            staff,
            today,
        } = overview;
        let duties = staff.map(lines).unwrap_or_default();
        let in_class = |class: &_| format!("{class}{NBSP}класс");
        let mut roles: Vec<String> = children
            .iter()
            .map(|child| match &child.class {
                Some(class) => format!("{}, {class}", child.name.given()),
                None => child.name.given().into(),
            })
            .collect();
        if is_pupil {
            roles.push("ученик".into());
        }
        if !duties.is_empty() {
            roles.push("сотрудник".into());
        }
        Self {
            account: account.to_string(),
            name: school.name,
            holder: called(&name),
            own_class: is_pupil.then(|| class.as_ref().map(in_class).unwrap_or_default()),
            duties,
            roles: roles.join("; "),
            is_open,
            children: children
                .into_iter()
                .map(|ChildOverview { account, name, class, until, password_ends }| ChildView {
                    account: account.to_string(),
                    name: called(&name),
                    class: class.as_ref().map(in_class),
                    until: until.map(|day| date::day_month_near(day, today)),
                    password_ends: password_ends.map(|day| date::day_month_near(day, today)),
                })
                .collect(),
        }
    }
}

/// What a member of staff does.
fn lines(staff: StaffOverview) -> Vec<String> {
    let StaffOverview { class_teacher_of, subjects, duties } = staff;
    let mut lines = Vec::new();
    lines.extend(duties.iter().map(|duty| date::capitalised(duty.text_ru())));
    for class in class_teacher_of {
        lines.push(format!("Классный руководитель {class}"));
    }
    match subjects.as_slice() {
        [] => {}
        [subject] => lines.push(format!("Предмет: {subject}")),
        subjects => lines.push(format!("Предметы: {}", subjects.join(", "))),
    }
    lines
}
