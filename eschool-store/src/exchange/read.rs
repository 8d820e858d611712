//! All files of a school read: typed rows, and the rows that are refused by themselves.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use eschool_core::{
    calendar::{Bell, CalendarSpan, Term, school_year},
    journal::AttendanceCodes,
};

use super::{
    AttendanceRow, ExchangeError, FileKind, FileName, FileRows, FinalRow, HomeworkRow,
    ImportProgress, ImportStage, LessonRow, MarkRow, Refused, Row, SchoolRow, SchoolSource, Sheet,
    Texts, TimetableRow, columns::Column, content::Content, rows, source::names,
};

/// The files of a school as typed rows, but for those of people: which of them are good depends on
/// who is there already.
pub(crate) struct Parsed {
    pub(crate) school: Option<SchoolRow>,
    pub(crate) frame: FrameRows,
    pub(crate) journal: JournalRows,
    pub(crate) texts: Texts,
    pub(crate) refused: Vec<Refused>,
}

/// The files of people, opened.
pub(crate) struct PeopleSheets<'t> {
    pub(crate) pupils: Option<Sheet<'t>>,
    pub(crate) parents: Option<Sheet<'t>>,
    pub(crate) staff: Option<Sheet<'t>>,
}

/// What a school's days are made of. A file that is absent is none.
pub(crate) struct FrameRows {
    pub(crate) calendar: Option<FileRows<CalendarSpan>>,
    pub(crate) terms: Option<FileRows<Term>>,
    pub(crate) bells: Option<FileRows<Bell>>,
    pub(crate) timetable: Option<FileRows<TimetableRow>>,
}

impl FrameRows {
    /// The calendar year in which the school year of these terms begins.
    pub(crate) fn year(&self) -> Option<i32> {
        let terms = self.terms.as_ref()?;
        terms.rows.iter().map(|term| term.days.from()).min().map(school_year)
    }
}

/// What the journals hold. A file that is absent is none.
pub(crate) struct JournalRows {
    pub(crate) lessons: Option<FileRows<LessonRow>>,
    pub(crate) homework: Option<FileRows<HomeworkRow>>,
    pub(crate) marks: Option<FileRows<MarkRow>>,
    pub(crate) attendance: Option<FileRows<AttendanceRow>>,
    pub(crate) finals: Option<FileRows<FinalRow>>,
}

impl JournalRows {
    /// Whether there is anything in the files by which journals or final marks may change.
    pub(crate) fn writes(&self, replace: bool) -> bool {
        fn has_rows<R>(file: Option<&FileRows<R>>) -> bool {
            file.is_some_and(|file| !file.rows.is_empty())
        }
        has_rows(self.lessons.as_ref())
            || has_rows(self.homework.as_ref())
            || has_rows(self.marks.as_ref())
            || has_rows(self.attendance.as_ref())
            || has_rows(self.finals.as_ref())
            || replace && self.finals.is_some()
    }
}

/// A school's files, each known for what it is. Those of people are held: they are read while nobody else
/// writes to the school, and again where somebody was in the way.
pub(crate) struct Contents<'f>(Vec<Content<'f>>);

impl<'f> Contents<'f> {
    /// Looks at every file that is there.
    pub(crate) fn of(files: &'f dyn SchoolSource) -> Result<Self, ExchangeError> {
        let missing = |kind: &FileKind| kind.is_required() && files.form(*kind).is_none();
        if let Some(kind) = FileKind::ALL.into_iter().find(missing) {
            return Err(ExchangeError::FileMissing { file: kind.into() });
        }
        names(files).map(|name| content(files, name)).collect::<Result<_, _>>().map(Self)
    }

    /// Looks at every file of corrections: none is required, and the school itself is none of them.
    pub(crate) fn of_corrections(files: &'f dyn SchoolSource) -> Result<Self, ExchangeError> {
        let names = names(files).filter(|name| name.kind != FileKind::School);
        names.map(|name| content(files, name)).collect::<Result<_, _>>().map(Self)
    }

    /// Lets go of what is read once, by [`parse`].
    pub(crate) fn keep_people(&mut self) {
        self.0.retain(|content| is_of_people(content.file.kind));
    }

    /// The files of people, opened at their first rows.
    pub(crate) fn people(&self) -> Result<PeopleSheets<'_>, ExchangeError> {
        Ok(PeopleSheets {
            pupils: self.sheet(FileKind::Pupils, rows::PUPILS)?,
            parents: self.sheet(FileKind::Parents, rows::PARENTS)?,
            staff: self.sheet(FileKind::Staff, rows::STAFF)?,
        })
    }

    /// That the files of people can be read to their ends.
    pub(crate) fn read_people(&self) -> Result<(), ExchangeError> {
        let PeopleSheets { pupils, parents, staff } = self.people()?;
        for mut sheet in [pupils, parents, staff].into_iter().flatten() {
            while sheet.next_row()?.is_some() {}
        }
        Ok(())
    }

    fn sheet(
        &self,
        kind: FileKind,
        columns: &[Column],
    ) -> Result<Option<Sheet<'_>>, ExchangeError> {
        let content = self.0.iter().find(|content| content.file.kind == kind);
        content.map(|content| Sheet::open(content, columns)).transpose()
    }
}

fn content(files: &dyn SchoolSource, name: FileName) -> Result<Content<'_>, ExchangeError> {
    let content = Content::of(files, name)?;
    if is_of_people(name.kind) { content.held() } else { Ok(content) }
}

const fn is_of_people(kind: FileKind) -> bool {
    matches!(kind, FileKind::Pupils | FileKind::Parents | FileKind::Staff)
}

/// Reads everything but the people, whose headings alone are looked at.
pub(crate) fn parse(
    contents: &Contents<'_>,
    progress: &mut (dyn FnMut(ImportProgress) + Send),
) -> Result<Parsed, ExchangeError> {
    // Headings first: a file that cannot be read is told before the long ones are.
    let school = contents.sheet(FileKind::School, rows::SCHOOL)?;
    let calendar = contents.sheet(FileKind::Calendar, rows::CALENDAR)?;
    let periods = contents.sheet(FileKind::Periods, rows::PERIODS)?;
    let bells = contents.sheet(FileKind::Bells, rows::BELLS)?;
    contents.people()?;
    let timetable = contents.sheet(FileKind::Timetable, rows::TIMETABLE)?;
    let lessons = contents.sheet(FileKind::Lessons, rows::LESSONS)?;
    let homework = contents.sheet(FileKind::IndividualHomework, rows::HOMEWORK)?;
    let marks = contents.sheet(FileKind::Marks, rows::MARKS)?;
    let attendance = contents.sheet(FileKind::Attendance, rows::ATTENDANCE)?;
    let finals = contents.sheet(FileKind::Finals, rows::FINALS)?;

    let frame = [&school, &calendar, &periods, &bells, &timetable];
    let journals = [&lessons, &homework, &marks, &attendance, &finals];
    let sheets = frame.into_iter().chain(journals).flatten();
    let total = sheets.map(|sheet| sheet.progress().1).sum();
    let mut texts = Texts::default();
    let mut reading = Reading { refused: Vec::new(), done: 0, total, progress };
    let school = reading.some(school, rows::school)?;
    let school = school.map(|file| the_school(file.rows)).transpose()?;
    let calendar = reading.some(calendar, rows::span)?;
    let terms = reading.some(periods, rows::term)?;
    let bells = reading.some(bells, rows::bell)?;

    let codes = AttendanceCodes::standard();
    let texts_of = &mut texts;
    let timetable = reading.some(timetable, |row| rows::timetable_lesson(row, texts_of))?;
    let lessons = reading.some(lessons, |row| rows::lesson(row, texts_of))?;
    let homework = reading.some(homework, |row| rows::homework(row, texts_of))?;
    let marks = reading.some(marks, |row| rows::mark(row, texts_of))?;
    let attendance = reading.some(attendance, |row| rows::attendance(row, texts_of, &codes))?;
    let finals = reading.some(finals, |row| rows::final_mark(row, texts_of))?;
    let refused = reading.refused;
    Ok(Parsed {
        school,
        frame: FrameRows { calendar, terms, bells, timetable },
        journal: JournalRows { lessons, homework, marks, attendance, finals },
        texts,
        refused,
    })
}

/// What is refused while files are read, and how far the reading is.
struct Reading<'p> {
    refused: Vec<Refused>,
    done: u64,
    total: u64,
    progress: &'p mut (dyn FnMut(ImportProgress) + Send),
}

impl Reading<'_> {
    /// How many rows are read between two words about the progress.
    const STEP: u32 = 4096;

    fn rows<T>(
        &mut self,
        mut sheet: Sheet<'_>,
        mut parse: impl FnMut(Row<'_>) -> Result<T, Refused>,
    ) -> Result<FileRows<T>, ExchangeError> {
        let (mut rows, mut refused_classes) = (Vec::new(), BTreeSet::new());
        while let Some(row) = sheet.next_row()? {
            let line = row.line;
            match parse(row) {
                Ok(row) => rows.push(row),
                Err(refused) => {
                    self.refused.push(refused);
                    refused_classes.insert(row.class_cell().to_owned());
                }
            }
            if line % Self::STEP == 0 {
                self.tell(sheet.progress().0);
            }
        }
        let (_, length) = sheet.progress();
        self.done += length;
        self.tell(0);
        Ok(FileRows { columns: sheet.into_columns(), rows, refused_classes })
    }

    fn some<T>(
        &mut self,
        sheet: Option<Sheet<'_>>,
        parse: impl FnMut(Row<'_>) -> Result<T, Refused>,
    ) -> Result<Option<FileRows<T>>, ExchangeError> {
        sheet.map(|sheet| self.rows(sheet, parse)).transpose()
    }

    fn tell(&mut self, within: u64) {
        let (done, total) = (self.done + within, self.total);
        (self.progress)(ImportProgress { stage: ImportStage::Reading, done, total });
    }
}

fn the_school(rows: Vec<SchoolRow>) -> Result<SchoolRow, ExchangeError> {
    let mut rows = rows.into_iter();
    let school = rows.next().filter(|school| !school.name.is_empty());
    let school = school.ok_or(ExchangeError::SchoolMissing)?;
    if rows.next().is_some() {
        return Err(ExchangeError::SeveralSchools);
    }
    match &school.time_zone {
        Some(zone) if zone.parse::<Tz>().is_err() => Err(ExchangeError::TimeZoneUnknown),
        _ => Ok(school),
    }
}
