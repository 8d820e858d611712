//! The year of a course lesson by lesson (тематическое планирование): its chapters and topics laid
//! out over as many lessons as the year has.

use super::courses::Course;

/// One lesson of the plan.
pub(super) struct Step {
    /// What the journal shows as the topic (тема урока).
    pub(super) title: String,
    /// The topic alone, without what this lesson does about it.
    pub(super) topic: &'static str,
    /// The chapter.
    pub(super) chapter: &'static str,
    /// What the lesson is for.
    pub(super) occasion: Occasion,
    /// Whether the next lesson is a control work.
    pub(super) before_control: bool,
    /// Which occasion of its kind this is, from 1.
    pub(super) ordinal: usize,
    /// How many topics there were by now: the paragraph of the textbook.
    pub(super) paragraph: u64,
    /// How many lessons stand before it.
    pub(super) place: usize,
    /// How many lessons the year has.
    pub(super) of: usize,
}

/// What a lesson is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Occasion {
    Usual,
    SelfStudy,
    Control,
}

/// Lays a course out over this many lessons.
pub(super) fn plan(course: &Course, lessons: usize) -> Vec<Step> {
    let ends = chapter_ends(course, lessons);
    let topics: usize = course.chapters.iter().map(|(_, topics)| topics.len()).sum();
    let left_for_topics = lessons.saturating_sub(ends.len() * course.chapters.len());
    // topic by topic, the lessons are dealt out as evenly as whole lessons allow
    let dealt_before = |topic: usize| topic * left_for_topics / topics.max(1);

    let mut steps: Vec<Step> = Vec::with_capacity(lessons);
    let mut paragraph = 0;
    for (chapter, topics) in course.chapters {
        for (place, topic) in topics.iter().enumerate() {
            let share = dealt_before(paragraph + 1) - dealt_before(paragraph);
            for lesson in 0..share {
                let last_of_middle = place == topics.len() / 2 && lesson + 1 == share;
                let occasion = if last_of_middle { Occasion::SelfStudy } else { Occasion::Usual };
                let title = lesson_title(course, topic, occasion, paragraph, lesson);
                steps.push(step(title, topic, chapter, occasion, paragraph + 1));
            }
            paragraph += 1;
        }
        let topic = topics.last().copied().unwrap_or(chapter);
        for (title, occasion) in &ends {
            steps.push(step(
                title.replace("{глава}", chapter),
                topic,
                chapter,
                *occasion,
                paragraph,
            ));
        }
    }
    steps.truncate(lessons);
    relate(&mut steps);
    steps
}

/// The lessons that end a chapter: in a course of few lessons the control work alone.
fn chapter_ends(course: &Course, lessons: usize) -> Vec<(&'static str, Occasion)> {
    let control = course.manner.control.first().map(|(_, title)| (*title, Occasion::Control));
    let review = ("Обобщение по разделу «{глава}»", Occasion::Usual);
    let correction = ("Работа над ошибками", Occasion::Usual);
    if lessons < 60 || course.manner.before_control.is_empty() {
        control.into_iter().collect()
    } else {
        [review].into_iter().chain(control).chain([correction]).collect()
    }
}

fn lesson_title(
    course: &Course,
    topic: &str,
    occasion: Occasion,
    paragraph: usize,
    lesson: usize,
) -> String {
    let action = match (occasion, lesson) {
        (_, 0) => None,
        (Occasion::SelfStudy, _) => Some(course.manner.self_study.0),
        (_, lesson) => {
            let actions = course.manner.continuations;
            actions.iter().cycle().nth((paragraph + lesson - 1) % actions.len().max(1)).copied()
        }
    };
    match action {
        None => topic.into(),
        Some(action) if topic.ends_with(['…', '!', '?']) => format!("{topic} {action}"),
        Some(action) => format!("{topic}. {action}"),
    }
}

fn step(
    title: String,
    topic: &'static str,
    chapter: &'static str,
    occasion: Occasion,
    paragraph: usize,
) -> Step {
    Step {
        title,
        topic,
        chapter,
        occasion,
        before_control: false,
        ordinal: 0,
        paragraph: paragraph as u64,
        place: 0,
        of: 0,
    }
}

/// Tells each step what stands around it.
fn relate(steps: &mut [Step]) {
    let all = steps.len();
    let mut occasions = Vec::with_capacity(all);
    for (place, step) in steps.iter_mut().enumerate() {
        occasions.push(step.occasion);
        step.ordinal = occasions.iter().filter(|occasion| **occasion == step.occasion).count();
        step.title = step.title.replace("{номер}", &step.ordinal.to_string());
        step.place = place;
        step.of = all;
    }
    for (step, next) in steps.iter_mut().zip(occasions.iter().skip(1)) {
        step.before_control = *next == Occasion::Control;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::schools::SCHOOLS;

    #[test]
    fn every_course_fills_its_year() {
        for course in SCHOOLS.iter().flat_map(|s| s.classes).flat_map(|class| class.courses) {
            for lessons in [30, 34, 68, 102, 136, 170] {
                let steps = plan(course, lessons);
                assert_eq!(steps.len(), lessons, "{}", course.subject);
                assert!(steps.iter().all(|step| !step.title.is_empty()));
                assert!(steps.iter().all(|step| !step.title.contains(['{', '}'])));
            }
        }
    }

    #[test]
    fn a_chapter_runs_from_its_first_topic_to_its_control_work() {
        let Some(algebra) = SCHOOLS[0].class("8А").and_then(|class| class.course("Алгебра"))
        else {
            panic!("no algebra")
        };
        let titles: Vec<_> = plan(algebra, 136).into_iter().map(|step| step.title).collect();
        assert_eq!(titles[0], "Рациональные выражения");
        assert_eq!(titles[1], "Рациональные выражения. Решение задач");
        assert!(titles.contains(&"Контрольная работа № 3 «Квадратные уравнения»".into()));
        assert_eq!(titles.last().map(String::as_str), Some("Работа над ошибками"));
    }
}
