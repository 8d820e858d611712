//! All files of a school read: typed rows, and the rows that are refused by themselves.

use chrono_tz::Tz;
use eschool_core::{
    calendar::{Bell, CalendarSpan, Term, school_year},
    journal::AttendanceCodes,
};

use super::{
    AttendanceRow, ExchangeError, FileKind, FileRows, FinalRow, HomeworkRow, ImportProgress,
    ImportStage, LessonRow, MarkRow, Refused, Row, SchoolFiles, SchoolRow, Sheet, Texts,
    TimetableRow, columns::Column, rows, source::Source,
};

/// The files of a school as typed rows, but for those of people: which of them are good depends on
/// who is there already.
pub(crate) struct Parsed {
    pub(crate) school: SchoolRow,
    /// The calendar year in which the school year begins.
    pub(crate) year: i32,
    pub(crate) frame: FrameRows,
    pub(crate) journal: JournalRows,
    pub(crate) texts: Texts,
    pub(crate) refused: Vec<Refused>,
}

/// The files of people, opened.
pub(crate) struct PeopleSheets<'t> {
    pub(crate) pupils: Sheet<'t>,
    pub(crate) parents: Option<Sheet<'t>>,
    pub(crate) staff: Option<Sheet<'t>>,
}

/// What a school's days are made of.
pub(crate) struct FrameRows {
    pub(crate) calendar: Vec<CalendarSpan>,
    pub(crate) terms: Vec<Term>,
    pub(crate) bells: Vec<Bell>,
    pub(crate) timetable: Option<FileRows<TimetableRow>>,
}

/// What the journals hold. A file that is absent is none.
pub(crate) struct JournalRows {
    pub(crate) lessons: Option<FileRows<LessonRow>>,
    pub(crate) homework: Option<FileRows<HomeworkRow>>,
    pub(crate) marks: Option<FileRows<MarkRow>>,
    pub(crate) attendance: Option<FileRows<AttendanceRow>>,
    pub(crate) finals: Option<FileRows<FinalRow>>,
}

/// The texts of a school's files.
pub(crate) struct Decoded<'f>(Vec<Source<'f>>);

impl<'f> Decoded<'f> {
    /// Decodes every file that is there.
    pub(crate) fn of(files: &'f SchoolFiles) -> Result<Self, ExchangeError> {
        let missing = |kind: &FileKind| kind.is_required() && files.get(*kind).is_none();
        if let Some(kind) = FileKind::ALL.into_iter().find(missing) {
            return Err(ExchangeError::FileMissing { file: kind.into() });
        }
        files
            .iter()
            .map(|(name, bytes)| Source::read(name, bytes))
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// The files of people, opened at their first rows.
    pub(crate) fn people(&self) -> Result<PeopleSheets<'_>, ExchangeError> {
        Ok(PeopleSheets {
            pupils: self.required(FileKind::Pupils, rows::PUPILS)?,
            parents: self.sheet(FileKind::Parents, rows::PARENTS)?,
            staff: self.sheet(FileKind::Staff, rows::STAFF)?,
        })
    }

    fn sheet(
        &self,
        kind: FileKind,
        columns: &[Column],
    ) -> Result<Option<Sheet<'_>>, ExchangeError> {
        let source = self.0.iter().find(|source| source.file.kind == kind);
        source.map(|source| Sheet::open(source, columns)).transpose()
    }

    fn required(&self, kind: FileKind, columns: &[Column]) -> Result<Sheet<'_>, ExchangeError> {
        self.sheet(kind, columns)?.ok_or(ExchangeError::FileMissing { file: kind.into() })
    }
}

/// Reads everything but the people, whose headings alone are looked at.
pub(crate) fn parse(
    decoded: &Decoded<'_>,
    progress: &mut (dyn FnMut(ImportProgress) + Send),
) -> Result<Parsed, ExchangeError> {
    // Headings first: a file that cannot be read is told before the long ones are.
    let school = decoded.required(FileKind::School, rows::SCHOOL)?;
    let calendar = decoded.required(FileKind::Calendar, rows::CALENDAR)?;
    let periods = decoded.required(FileKind::Periods, rows::PERIODS)?;
    let bells = decoded.required(FileKind::Bells, rows::BELLS)?;
    decoded.people()?;
    let timetable = decoded.sheet(FileKind::Timetable, rows::TIMETABLE)?;
    let lessons = decoded.sheet(FileKind::Lessons, rows::LESSONS)?;
    let homework = decoded.sheet(FileKind::IndividualHomework, rows::HOMEWORK)?;
    let marks = decoded.sheet(FileKind::Marks, rows::MARKS)?;
    let attendance = decoded.sheet(FileKind::Attendance, rows::ATTENDANCE)?;
    let finals = decoded.sheet(FileKind::Finals, rows::FINALS)?;

    let required = [&school, &calendar, &periods, &bells];
    let others = [&timetable, &lessons, &homework, &marks, &attendance, &finals];
    let sheets = required.into_iter().chain(others.into_iter().flatten());
    let total = sheets.map(|sheet| sheet.progress().1).sum();
    let mut texts = Texts::default();
    let mut reading = Reading { refused: Vec::new(), done: 0, total, progress };
    let school = the_school(reading.rows(school, rows::school)?.rows)?;
    let calendar = reading.rows(calendar, rows::span)?.rows;
    let terms = reading.rows(periods, rows::term)?.rows;
    let bells = reading.rows(bells, rows::bell)?.rows;
    let first_day = terms.iter().map(|term| term.days.from()).min();
    let year = school_year(first_day.ok_or(ExchangeError::TermsMissing)?);

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
        year,
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
        let mut rows = Vec::new();
        while let Some(row) = sheet.next_row()? {
            let line = row.line;
            match parse(row) {
                Ok(row) => rows.push(row),
                Err(refused) => self.refused.push(refused),
            }
            if line % Self::STEP == 0 {
                self.tell(sheet.progress().0);
            }
        }
        let (_, length) = sheet.progress();
        self.done += length;
        self.tell(0);
        Ok(FileRows { columns: sheet.into_columns(), rows })
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
