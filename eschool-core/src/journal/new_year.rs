//! How one school year becomes the next (*перевод в следующий класс*).

use alloc::{collections::BTreeSet, vec::Vec};

use chrono::NaiveDate;

use super::{ClassName, Stay, SubgroupMembership};
use crate::{
    calendar::{CalendarSpan, Term, school_year},
    id::{AccountId, ClassId},
    people::StaffPost,
};

/// What a school decides about its next year.
///
/// ```
/// use eschool_core::journal::NewYear;
///
/// let year = NewYear::beginning("2025-09-01".parse().unwrap());
/// assert_eq!((year.year(), year.last_grade, year.keep_subgroups), (2025, 11, true));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewYear {
    /// Its first day: the stays of the former year end on the day before.
    pub begins: NaiveDate,
    /// The last day in the school of who leaves it with the last year of study, of the year that
    /// ends; none for the day before the first of the next.
    pub graduated: Option<NaiveDate>,
    /// The last year of study in the school: 11, in a basic school 9, in an evening school 12.
    pub last_grade: u8,
    /// Whether the parts that classes are divided in go on as they are.
    pub keep_subgroups: bool,
}

impl NewYear {
    /// The year that begins on this day, of a school of eleven years, with parts of classes as they
    /// were.
    #[must_use]
    pub const fn beginning(begins: NaiveDate) -> Self {
        Self { begins, graduated: None, last_grade: 11, keep_subgroups: true }
    }

    /// The calendar year in which it begins.
    #[must_use]
    pub fn year(&self) -> i32 {
        school_year(self.begins)
    }

    /// Whether something with this last day goes on when the year begins. What a school ended itself
    /// on the day before or earlier is over, whatever year opens.
    fn takes_on(&self, to: Option<NaiveDate>) -> bool {
        to.is_none_or(|to| self.begins <= to)
    }

    /// The day of graduation that is not of the year that ends: a wrong one would end the stays of
    /// graduates on days that are long past, and close their accounts at once.
    fn wrong_graduation(&self) -> Option<NaiveDate> {
        let is_of_year = |day: &NaiveDate| {
            *day < self.begins && school_year(*day).checked_add(1) >= Some(self.year())
        };
        self.graduated.filter(|day| !is_of_year(day))
    }
}

/// A class as a school has it.
///
/// ```
/// use eschool_core::journal::YearClass;
///
/// let id = "019379ab-0000-7000-8000-0000000000c7".parse()?;
/// let class = YearClass { id, year: 2024, name: "7А".parse().unwrap() };
/// assert_eq!(class.name.promoted(), "8А".parse().ok());
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearClass {
    /// The class.
    pub id: ClassId,
    /// The calendar year in which its school year began.
    pub year: i32,
    /// Its name.
    pub name: ClassName,
}

/// What a school has before its next year is planned.
///
/// ```
/// use eschool_core::journal::{NewYear, YearRows, plan_new_year};
///
/// let plan = plan_new_year(YearRows::default(), NewYear::beginning("2025-09-01".parse().unwrap()));
/// assert!(plan.classes.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct YearRows<'a> {
    /// Its classes, of whatever year.
    pub classes: &'a [YearClass],
    /// Its pupils' stays.
    pub stays: &'a [Stay],
    /// Their memberships in parts of classes.
    pub subgroups: &'a [SubgroupMembership],
    /// Its posts.
    pub posts: &'a [StaffPost],
    /// Its terms.
    pub terms: &'a [Term],
    /// Its calendar.
    pub calendar: &'a [CalendarSpan],
}

/// What becomes of one class, with the rows as they stand before.
///
/// ```
/// use eschool_core::journal::ClassPlan;
///
/// let graduates = ClassPlan {
///     class: "019379ab-0000-7000-8000-0000000000c7".parse()?,
///     name: "11А".parse().unwrap(),
///     becomes: None,
///     stays: vec![],
///     subgroups: vec![],
///     posts: vec![],
/// };
/// assert_eq!(graduates.becomes, None);
/// # Ok::<(), eschool_core::id::IdError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassPlan {
    /// The class of the year that ends.
    pub class: ClassId,
    /// Its name.
    pub name: ClassName,
    /// Its name in the next year; none for one whose pupils leave the school.
    pub becomes: Option<ClassName>,
    /// The stays that hold on the last day and do not end with it.
    pub stays: Vec<Stay>,
    /// The memberships in its parts that do, of those pupils.
    pub subgroups: Vec<SubgroupMembership>,
    /// The posts of who leads it and goes on working.
    pub posts: Vec<StaffPost>,
}

/// Why a next year cannot begin as planned: a person has to settle it first.
///
/// ```
/// use eschool_core::journal::YearConflict;
///
/// let taken = YearConflict::ClassTaken("8А".parse().unwrap());
/// assert_eq!(taken.code(), "class_taken");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YearConflict {
    /// The next year has a class of this name already.
    ClassTaken(ClassName),
    /// A pupil is in several classes on the last day and leaves none of them with it.
    SeveralClasses(AccountId),
    /// A pupil comes into a class on the first day of the next year or later.
    PlacedAlready(AccountId),
    /// This last day of who leaves with the last year of study is not of the year that ends.
    GraduatedThen(NaiveDate),
}

impl YearConflict {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::ClassTaken(_) => "class_taken",
            Self::SeveralClasses(_) => "several_classes",
            Self::PlacedAlready(_) => "placed_already",
            Self::GraduatedThen(_) => "graduated_then",
        }
    }

    /// The words a person reads.
    #[must_use]
    pub const fn text_ru(&self) -> &'static str {
        match self {
            Self::ClassTaken(_) => "В новом учебном году такой класс уже есть",
            Self::SeveralClasses(_) => "Ученик числится сразу в нескольких классах",
            Self::PlacedAlready(_) => "Ученика уже зачислили в класс нового учебного года",
            Self::GraduatedThen(_) => {
                "Последний день выпускников не относится к учебному году, который заканчивается"
            }
        }
    }
}

/// What the next year lacks. It may begin all the same: until it is entered, diaries plan no lesson.
///
/// ```
/// use eschool_core::journal::YearGap;
///
/// assert_ne!(YearGap::Calendar, YearGap::Terms(8));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YearGap {
    /// Nothing is said of its vacations and holidays.
    Calendar,
    /// This year of study has no term in it.
    Terms(u8),
}

/// What becomes of a school when its next year begins.
///
/// ```
/// use eschool_core::journal::{NewYear, YearRows, plan_new_year};
///
/// let plan = plan_new_year(YearRows::default(), NewYear::beginning("2025-09-01".parse().unwrap()));
/// assert_eq!((plan.conflicts.len(), plan.left().count()), (0, 0));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewYearPlan {
    /// What the school decided.
    pub year: NewYear,
    /// The classes of the year that ends, by name.
    pub classes: Vec<ClassPlan>,
    /// What has to be settled before.
    pub conflicts: Vec<YearConflict>,
    /// What the year lacks.
    pub gaps: Vec<YearGap>,
}

/// The rows of one class as the next year has them.
///
/// ```
/// use eschool_core::journal::CarriedOver;
///
/// assert!(CarriedOver::default().stays.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CarriedOver {
    /// The former stays, with their last day, and the new ones.
    pub stays: Vec<Stay>,
    /// The former memberships, with their last day, and those that go on.
    pub subgroups: Vec<SubgroupMembership>,
    /// The posts, which lead the new class, or none.
    pub posts: Vec<StaffPost>,
}

impl NewYearPlan {
    /// The pupils who leave the school with the last year of study.
    pub fn left(&self) -> impl Iterator<Item = AccountId> {
        let leaving = self.classes.iter().filter(|class| class.becomes.is_none());
        leaving.flat_map(|class| class.stays.iter().map(|stay| stay.pupil))
    }
}

impl ClassPlan {
    /// What is written of the class, where `next` is what it becomes.
    ///
    /// A stay that was to end later anyway, as of somebody who moves away in winter, keeps that day
    /// in the new class; one that ends before the year begins is left alone. Who leads the class
    /// leads the new one; who led one that leaves, none.
    ///
    /// ```
    /// use eschool_core::journal::{ClassPlan, NewYear, Stay};
    ///
    /// let stay: Stay = serde_json::from_str(
    ///     r#"{"pupil": "019379ab-0000-7000-8000-000000000001",
    ///         "class": "019379ab-0000-7000-8000-0000000000c7", "from": "2024-09-01"}"#,
    /// ).unwrap();
    /// let plan = ClassPlan {
    ///     class: stay.class, name: "7А".parse().unwrap(), becomes: "8А".parse().ok(),
    ///     stays: vec![stay], subgroups: vec![], posts: vec![],
    /// };
    /// let year = NewYear::beginning("2025-09-01".parse().unwrap());
    /// let next = "019379ab-0000-7000-8000-0000000000c8".parse().unwrap();
    /// let [former, new] = &plan.carried_over(&year, Some(next)).stays[..] else { panic!("two") };
    /// assert_eq!((former.to, new.from), ("2025-08-31".parse().ok(), year.begins));
    /// assert_eq!((new.class, new.to), (next, None));
    /// ```
    #[must_use]
    pub fn carried_over(&self, year: &NewYear, next: Option<ClassId>) -> CarriedOver {
        let eve = year.begins.pred_opt();
        let last = if next.is_some() { eve } else { year.graduated.or(eve) };
        let mut carried = CarriedOver::default();
        for stay in self.stays.iter().filter(|stay| year.takes_on(stay.to)) {
            let ends = last.map(|last| last.max(stay.from));
            carried.stays.push(Stay { to: ends, ..*stay });
            if let Some(class) = next {
                carried.stays.push(Stay { class, from: year.begins, ..*stay });
            }
        }
        for part in self.subgroups.iter().filter(|part| year.takes_on(part.to)) {
            let ends = last.map(|last| last.max(part.from));
            carried.subgroups.push(SubgroupMembership { to: ends, ..part.clone() });
            if let Some(class) = next.filter(|_| year.keep_subgroups) {
                let from = year.begins;
                carried.subgroups.push(SubgroupMembership { class, from, ..part.clone() });
            }
        }
        let led = |post: &StaffPost| StaffPost { class_teacher_of: next, ..post.clone() };
        carried.posts = self.posts.iter().map(led).collect();
        carried
    }
}

/// Plans a school's next year: each class of the year that ends becomes the one of the next year of
/// study with the same letter («7А» → «8А»), with whom it has on the last day; those of the last
/// year of study leave. Who left before or leaves with that day, and who leads a class no more by
/// then, is left alone: so may a person place a pupil by hand.
///
/// Whatever a person has to settle is named and nothing is guessed; what the next year lacks is
/// told. The plan is the same whatever the order of the rows.
///
/// ```
/// use eschool_core::journal::{NewYear, YearClass, YearConflict, YearGap, YearRows, plan_new_year};
///
/// let class = |n: u8, year, name: &str| YearClass {
///     id: format!("019379ab-0000-7000-8000-0000000000{n}").parse().unwrap(),
///     year,
///     name: name.parse().unwrap(),
/// };
/// let classes = [class(17, 2024, "7А"), class(11, 2024, "11А"), class(18, 2025, "8А")];
/// let rows = YearRows { classes: &classes, ..YearRows::default() };
/// let plan = plan_new_year(rows, NewYear::beginning("2025-09-01".parse().unwrap()));
/// let becomes: Vec<_> = plan.classes.iter().map(|class| class.becomes.clone()).collect();
/// assert_eq!(becomes, ["8А".parse().ok(), None]);
/// assert_eq!(plan.conflicts, [YearConflict::ClassTaken("8А".parse().unwrap())]);
/// assert_eq!(plan.gaps, [YearGap::Calendar, YearGap::Terms(8)]);
/// ```
#[must_use]
pub fn plan_new_year(rows: YearRows<'_>, year: NewYear) -> NewYearPlan {
    let is_last = |class: &YearClass| class.year.checked_add(1) == Some(year.year());
    let eve = year.begins.pred_opt().unwrap_or(year.begins);
    let mut ending: Vec<&YearClass> = rows.classes.iter().filter(|class| is_last(class)).collect();
    ending.sort_by_key(|class| (&class.name, class.id));
    let mut conflicts = Vec::new();
    let (mut seen, mut several, mut placed) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    let mut classes = Vec::with_capacity(ending.len());
    for class in ending {
        let becomes = class.name.promoted().filter(|_| class.name.grade() < year.last_grade);
        let is_taken = |name: &ClassName| {
            rows.classes.iter().any(|other| other.year == year.year() && other.name == *name)
        };
        conflicts.extend(becomes.clone().filter(is_taken).map(YearConflict::ClassTaken));
        let is_here =
            |stay: &&Stay| stay.class == class.id && stay.holds_on(eve) && year.takes_on(stay.to);
        let here = rows.stays.iter().filter(is_here);
        let mut stays: Vec<Stay> = here.copied().collect();
        stays.sort_by_key(|stay| (stay.pupil, stay.from));
        for stay in &stays {
            if !seen.insert(stay.pupil) {
                several.insert(stay.pupil);
            }
        }
        let is_here = |pupil| stays.binary_search_by_key(&pupil, |stay: &Stay| stay.pupil).is_ok();
        let goes_on = |part: &&SubgroupMembership| {
            part.class == class.id
                && part.holds_on(eve)
                && year.takes_on(part.to)
                && is_here(part.pupil)
        };
        let mut subgroups: Vec<SubgroupMembership> =
            rows.subgroups.iter().filter(goes_on).cloned().collect();
        subgroups.sort_by(|a, b| (a.pupil, &a.subject, a.from).cmp(&(b.pupil, &b.subject, b.from)));
        let led = |post: &&StaffPost| {
            post.class_teacher_of == Some(class.id) && post.holds_on(year.begins)
        };
        let mut posts: Vec<StaffPost> = rows.posts.iter().filter(led).cloned().collect();
        posts.sort_by(|a, b| (a.account, &a.subject).cmp(&(b.account, &b.subject)));
        let (name, class) = (class.name.clone(), class.id);
        classes.push(ClassPlan { class, name, becomes, stays, subgroups, posts });
    }
    for stay in rows.stays.iter().filter(|stay| stay.from >= year.begins) {
        if seen.contains(&stay.pupil) {
            placed.insert(stay.pupil);
        }
    }
    conflicts.extend(several.into_iter().map(YearConflict::SeveralClasses));
    conflicts.extend(placed.into_iter().map(YearConflict::PlacedAlready));
    conflicts.extend(year.wrong_graduation().map(YearConflict::GraduatedThen));
    let gaps = gaps(rows, &year, &classes);
    NewYearPlan { year, classes, conflicts, gaps }
}

fn gaps(rows: YearRows<'_>, year: &NewYear, classes: &[ClassPlan]) -> Vec<YearGap> {
    let mut gaps = Vec::new();
    if !rows.calendar.iter().any(|span| school_year(span.days.from()) == year.year()) {
        gaps.push(YearGap::Calendar);
    }
    let grades = classes.iter().filter_map(|class| class.becomes.as_ref().map(ClassName::grade));
    let grades: BTreeSet<u8> = grades.collect();
    let has_terms = |grade: &u8| {
        let is_of =
            |term: &Term| term.grade == *grade && school_year(term.days.from()) == year.year();
        rows.terms.iter().any(is_of)
    };
    gaps.extend(grades.into_iter().filter(|grade| !has_terms(grade)).map(YearGap::Terms));
    gaps
}

#[cfg(test)]
mod tests {
    use alloc::vec;

    use uuid::Uuid;

    use super::*;
    use crate::journal::Subgroup;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn class(n: u128, year: i32, name: &str) -> YearClass {
        YearClass { id: ClassId(Uuid::from_u128(n)), year, name: name.parse().unwrap() }
    }

    fn stay(pupil: u128, class: u128, from: &str, to: &str) -> Stay {
        let (pupil, class) = (AccountId(Uuid::from_u128(pupil)), ClassId(Uuid::from_u128(class)));
        Stay { pupil, class, from: day(from), to: to.parse().ok() }
    }

    fn part(pupil: u128, class: u128, to: &str) -> SubgroupMembership {
        let Stay { pupil, class, from, to } = stay(pupil, class, "2024-09-01", to);
        SubgroupMembership { pupil, class, subject: None, subgroup: Subgroup("1".into()), from, to }
    }

    fn post(account: u128, class: u128, until: &str) -> StaffPost {
        StaffPost {
            account: AccountId(Uuid::from_u128(account)),
            subject: "Физика".into(),
            class_teacher_of: Some(ClassId(Uuid::from_u128(class))),
            until: until.parse().ok(),
        }
    }

    #[test]
    fn who_is_there_on_the_last_day_goes_on_and_the_last_grade_leaves() {
        let classes = [class(7, 2024, "7А"), class(11, 2024, "11А"), class(6, 2023, "6А")];
        let mut stays = vec![
            stay(1, 7, "2024-09-01", ""),
            stay(2, 7, "2024-09-01", "2025-05-31"),
            stay(3, 7, "2024-09-01", "2025-12-31"),
            stay(4, 11, "2024-09-01", ""),
            stay(1, 6, "2023-09-01", "2024-08-31"),
        ];
        let subgroups = [part(1, 7, ""), part(2, 7, ""), part(3, 7, "2025-03-01")];
        let posts = [post(21, 7, ""), post(22, 11, ""), post(23, 7, "2025-08-31")];
        let year =
            NewYear { graduated: Some(day("2025-06-25")), ..NewYear::beginning(day("2025-09-01")) };
        let rows = |stays: &[Stay]| {
            let rows = YearRows {
                classes: &classes,
                stays,
                subgroups: &subgroups,
                posts: &posts,
                ..YearRows::default()
            };
            plan_new_year(rows, year)
        };
        let plan = rows(&stays);
        assert_eq!(plan.conflicts, []);
        assert_eq!(plan.left().collect::<Vec<_>>(), [AccountId(Uuid::from_u128(4))]);
        let [seventh, eleventh] = &plan.classes[..] else { panic!("two classes") };
        let next = ClassId(Uuid::from_u128(8));
        let carried = seventh.carried_over(&year, Some(next));
        assert_eq!(
            carried.stays,
            [
                stay(1, 7, "2024-09-01", "2025-08-31"),
                stay(1, 8, "2025-09-01", ""),
                stay(3, 7, "2024-09-01", "2025-08-31"),
                stay(3, 8, "2025-09-01", "2025-12-31"),
            ]
        );
        let [former, new] = &carried.subgroups[..] else { panic!("one part goes on") };
        assert_eq!((former.to, new.class, new.to), (Some(day("2025-08-31")), next, None));
        assert_eq!(carried.posts, [post(21, 8, "")]);
        let left = eleventh.carried_over(&year, None);
        assert_eq!(left.stays, [stay(4, 11, "2024-09-01", "2025-06-25")]);
        assert_eq!(left.posts[0].class_teacher_of, None);
        let apart = NewYear { keep_subgroups: false, ..year };
        assert_eq!(seventh.carried_over(&apart, Some(next)).subgroups.len(), 1);

        stays.reverse();
        assert_eq!(rows(&stays), plan, "whatever the order");
    }

    #[test]
    fn what_a_person_has_to_settle_is_named() {
        let classes = [class(7, 2024, "7А"), class(9, 2024, "7Б"), class(8, 2025, "8Б")];
        let stays = [
            stay(1, 7, "2024-09-01", ""),
            stay(1, 9, "2024-10-01", ""),
            stay(2, 7, "2024-09-01", ""),
            stay(2, 8, "2025-09-01", ""),
            stay(3, 8, "2025-09-01", ""),
        ];
        let rows = YearRows { classes: &classes, stays: &stays, ..YearRows::default() };
        let plan = plan_new_year(rows, NewYear::beginning(day("2025-09-01")));
        let pupil = |n| AccountId(Uuid::from_u128(n));
        assert_eq!(
            plan.conflicts,
            [
                YearConflict::ClassTaken("8Б".parse().unwrap()),
                YearConflict::SeveralClasses(pupil(1)),
                YearConflict::PlacedAlready(pupil(2)),
            ]
        );
    }

    #[test]
    fn what_ends_with_the_last_day_is_left_alone() {
        let classes = [class(7, 2024, "7А"), class(9, 2024, "7Б"), class(18, 2025, "8В")];
        let stays = [
            stay(1, 7, "2024-09-01", "2025-08-31"),
            stay(2, 7, "2024-09-01", "2025-09-01"),
            // Moved by hand into another class of the next year, and into another one of this.
            stay(3, 7, "2024-09-01", "2025-08-31"),
            stay(3, 18, "2025-09-01", ""),
            stay(4, 7, "2024-09-01", "2025-08-31"),
            stay(4, 9, "2025-08-31", ""),
        ];
        let subgroups = [part(1, 7, ""), part(2, 7, "2025-08-31"), part(2, 7, "2025-09-01")];
        let rows = YearRows {
            classes: &classes,
            stays: &stays,
            subgroups: &subgroups,
            ..YearRows::default()
        };
        let year = NewYear::beginning(day("2025-09-01"));
        let plan = plan_new_year(rows, year);
        assert_eq!(plan.conflicts, []);
        let [a, b] = &plan.classes[..] else { panic!("two classes") };
        assert_eq!((&a.stays[..], &b.stays[..]), (&stays[1..2], &stays[5..]));
        assert_eq!(a.subgroups, subgroups[2..]);
        let next = Some(ClassId(Uuid::from_u128(8)));
        let whole =
            ClassPlan { stays: stays[..2].to_vec(), subgroups: subgroups.to_vec(), ..a.clone() };
        for plan in [a, &whole] {
            let carried = plan.carried_over(&year, next);
            let days = carried.stays.iter().map(|stay| (stay.from, stay.to));
            let parts = carried.subgroups.iter().map(|part| (part.from, part.to));
            assert!(days.chain(parts).all(|(from, to)| to.is_none_or(|to| from <= to)));
            assert_eq!(carried.stays.len(), 2);
        }
    }

    #[test]
    fn graduates_leave_in_the_year_that_ends() {
        let classes = [class(11, 2024, "11А")];
        let rows = YearRows { classes: &classes, ..YearRows::default() };
        for (graduated, is_right) in [
            ("2024-06-25", false),
            ("2024-07-31", false),
            ("2024-08-31", true),
            ("2025-06-25", true),
            ("2025-08-31", true),
            ("2025-09-01", false),
            ("2026-06-25", false),
        ] {
            let graduated = Some(day(graduated));
            let year = NewYear { graduated, ..NewYear::beginning(day("2025-09-01")) };
            let told: Vec<_> = graduated.into_iter().filter(|_| !is_right).collect();
            let expected: Vec<_> = told.into_iter().map(YearConflict::GraduatedThen).collect();
            assert_eq!(plan_new_year(rows, year).conflicts, expected, "{graduated:?}");
        }
    }
}
