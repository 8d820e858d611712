//! The table: what was measured, beside what, and whether the bar was met.

use std::fmt;

use eschool_benches::stats::Measured;
use serde_json::{Map, Value, json};

/// What a figure may be at most.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Bar {
    /// So many times the other side's.
    Ratio(f64),
    /// So many nanoseconds.
    Nanoseconds(f64),
    /// So many bytes.
    Bytes(u64),
}

/// What was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Figure {
    /// A median and the median distance from it, in nanoseconds.
    Time { median: f64, mad: f64 },
    /// How large something is.
    Bytes(u64),
}

/// A line of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) measured: Option<Figure>,
    /// The other side, with its name.
    pub(super) beside: Option<(String, Figure)>,
    pub(super) bar: Option<Bar>,
    /// Instructions, ours and the other side's.
    pub(super) instructions: Option<(f64, Option<f64>)>,
}

/// Whether a bar was met.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Verdict {
    NoBar,
    NotMeasured,
    Met,
    /// What was measured is so many times what it may be.
    Missed(f64),
}

/// All of a run.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) quick: bool,
    pub(super) rows: Vec<Row>,
    /// What no line holds: what was seen beside, what could not be measured and why.
    pub(super) notes: Vec<String>,
}

impl Figure {
    pub(super) fn of(measured: &Measured) -> Self {
        Self::Time { median: measured.median, mad: measured.mad }
    }

    /// Nanoseconds or bytes.
    fn number(&self) -> f64 {
        match *self {
            Self::Time { median, .. } => median,
            Self::Bytes(bytes) => bytes as f64,
        }
    }

    fn to_json(self) -> Map<String, Value> {
        let fields = match self {
            Self::Time { median, mad } => {
                vec![("median_ns", json!(median)), ("mad_ns", json!(mad))]
            }
            Self::Bytes(bytes) => vec![("bytes", json!(bytes))],
        };
        fields.into_iter().map(|(name, number)| (name.to_owned(), number)).collect()
    }
}

impl Row {
    fn ratio(&self) -> Option<f64> {
        let (measured, (_, beside)) = self.measured.as_ref().zip(self.beside.as_ref())?;
        Some(measured.number() / beside.number())
    }

    fn verdict(&self) -> Verdict {
        let (figure, most) = match self.bar {
            None => return Verdict::NoBar,
            Some(Bar::Ratio(most)) => (self.ratio(), most),
            Some(Bar::Nanoseconds(most)) => (self.measured.map(|figure| figure.number()), most),
            Some(Bar::Bytes(most)) => (self.measured.map(|figure| figure.number()), most as f64),
        };
        match figure {
            None => Verdict::NotMeasured,
            Some(figure) if figure <= most => Verdict::Met,
            Some(figure) => Verdict::Missed(figure / most),
        }
    }

    fn cells(&self) -> [String; 6] {
        let beside = self.beside.as_ref().map(|(name, figure)| format!("{name} {figure}"));
        let instructions = self.instructions.map(|(ours, beside)| {
            let beside = beside.map(|beside| format!(" / {}", grouped(beside)));
            format!("{}{}", grouped(ours), beside.unwrap_or_default())
        });
        [
            self.what.clone(),
            self.measured.map(|figure| figure.to_string()).unwrap_or_default(),
            beside.unwrap_or_default(),
            self.ratio().map(two_digits).unwrap_or_default(),
            self.bar_and_verdict(),
            instructions.unwrap_or_default(),
        ]
    }

    fn bar_and_verdict(&self) -> String {
        let bar = match self.bar {
            None => return String::new(),
            Some(Bar::Ratio(most)) => format!("≤ {most}×"),
            Some(Bar::Nanoseconds(most)) => format!("≤ {}", time(most)),
            Some(Bar::Bytes(most)) => format!("≤ {} kB", most as f64 / 1000.0),
        };
        match self.verdict() {
            Verdict::NoBar => bar,
            Verdict::NotMeasured => format!("{bar} not measured"),
            Verdict::Met => format!("{bar} met"),
            Verdict::Missed(by) => format!("{bar} MISSED: {}× the bar", two_digits(by)),
        }
    }

    fn to_json(&self) -> Value {
        let bar = self.bar.map(|bar| match bar {
            Bar::Ratio(most) => json!({"ratio": most}),
            Bar::Nanoseconds(most) => json!({"ns": most}),
            Bar::Bytes(most) => json!({"bytes": most}),
        });
        let met = match self.verdict() {
            Verdict::NoBar | Verdict::NotMeasured => None,
            verdict => Some(verdict == Verdict::Met),
        };
        json!({
            "what": self.what,
            "measured": self.measured.map(Figure::to_json),
            "beside": self.beside.as_ref().map(|(name, beside)| {
                let mut beside = beside.to_json();
                beside.insert("what".into(), json!(name));
                beside
            }),
            "ratio": self.ratio(),
            "bar": bar,
            "met": met,
            "instructions": self.instructions.map(|(measured, beside)| {
                json!({"measured": measured, "beside": beside})
            }),
        })
    }
}

impl Table {
    const HEAD: [&str; 6] = ["what", "measured", "beside", "ratio", "bar", "instructions"];

    /// Whether every bar was judged and met.
    pub(super) fn all_met(&self) -> bool {
        self.rows.iter().all(|row| matches!(row.verdict(), Verdict::NoBar | Verdict::Met))
    }

    /// The same for a program.
    pub(super) fn to_json(&self) -> String {
        let rows: Vec<Value> = self.rows.iter().map(Row::to_json).collect();
        let table = json!({"quick": self.quick, "rows": rows, "notes": self.notes});
        format!("{table:#}\n")
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = Self::HEAD.map(str::to_owned);
        let lines: Vec<[String; 6]> =
            std::iter::once(head).chain(self.rows.iter().map(Row::cells)).collect();
        let widths: [usize; 6] = std::array::from_fn(|column| {
            let cells = lines.iter().filter_map(|line| line.get(column));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        });
        for line in &lines {
            let padded = line.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
            writeln!(f, "{}", padded.collect::<Vec<_>>().join("  ").trim_end())?;
        }
        if self.quick {
            writeln!(f, "\n--quick: few and short measurements, so no figures to quote")?;
        }
        for note in &self.notes {
            writeln!(f, "\n{note}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Time { median, mad } => {
                let (unit, name) = unit(median);
                write!(f, "{:.1} {name} ± {:.1}", median / unit, mad / unit)
            }
            Self::Bytes(bytes) => f.write_str(&kilobytes(bytes)),
        }
    }
}

/// In thousands of bytes, as browsers count what they download.
fn kilobytes(bytes: u64) -> String {
    format!("{:.1} kB", bytes as f64 / 1000.0)
}

fn time(ns: f64) -> String {
    let (unit, name) = unit(ns);
    format!("{} {name}", ns / unit)
}

/// The unit in which a time is a number from 1 to 1000, if there is one.
fn unit(ns: f64) -> (f64, &'static str) {
    match ns {
        ns if ns < 1e3 => (1.0, "ns"),
        ns if ns < 1e6 => (1e3, "µs"),
        ns if ns < 1e9 => (1e6, "ms"),
        _ => (1e9, "s"),
    }
}

/// A ratio as exactly as it matters.
fn two_digits(ratio: f64) -> String {
    if ratio < 0.1 { format!("{ratio:.3}") } else { format!("{ratio:.2}") }
}

/// A whole number with its thousands apart.
pub(super) fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(median: f64, beside: Option<f64>, bar: Option<Bar>) -> Row {
        let figure = |median| Figure::Time { median, mad: median / 20.0 };
        Row {
            what: "a thing".into(),
            measured: Some(figure(median)),
            beside: beside.map(|median| ("another".into(), figure(median))),
            bar,
            instructions: Some((median * 10.0, beside.map(|median| median * 10.0))),
        }
    }

    #[test]
    fn a_bar_is_met_or_missed_by_a_factor() {
        let unmeasured = Row { measured: None, ..row(1.0, None, Some(Bar::Ratio(2.0))) };
        for (row, verdict) in [
            (row(10.0, Some(5.0), Some(Bar::Ratio(2.0))), Verdict::Met),
            (row(15.0, Some(5.0), Some(Bar::Ratio(2.0))), Verdict::Missed(1.5)),
            (row(250.0, None, Some(Bar::Nanoseconds(250.0))), Verdict::Met),
            (row(300.0, None, Some(Bar::Nanoseconds(250.0))), Verdict::Missed(1.2)),
            (row(300.0, Some(1.0), None), Verdict::NoBar),
            (unmeasured, Verdict::NotMeasured),
        ] {
            assert_eq!(row.verdict(), verdict, "{row:?}");
        }
    }

    #[test]
    fn all_is_met_where_nothing_is_missed_nor_left_out() {
        let met = row(1.0, Some(1.0), Some(Bar::Ratio(1.0)));
        let missed = row(2.0, Some(1.0), Some(Bar::Ratio(1.0)));
        let unmeasured = Row { measured: None, ..met.clone() };
        let free = row(2.0, None, None);
        for (rows, all_met) in [
            (vec![met.clone(), free], true),
            (vec![met.clone(), missed], false),
            (vec![met, unmeasured], false),
        ] {
            let table = Table { quick: false, rows, notes: Vec::new() };
            assert_eq!(table.all_met(), all_met, "{table:?}");
        }
    }

    #[test]
    fn the_table_is_one_to_read() {
        let rows = vec![
            Row {
                what: "parse a СНИЛС".into(), ..row(11.25, Some(9.0), Some(Bar::Ratio(2.0)))
            },
            row(0.42e6, Some(6e6), Some(Bar::Ratio(0.05))),
            row(310.0, None, Some(Bar::Nanoseconds(250.0))),
            Row { measured: None, instructions: None, ..row(1.0, None, Some(Bar::Ratio(1.0))) },
            Row {
                measured: Some(Figure::Bytes(38_712)),
                instructions: None,
                ..row(1.0, None, Some(Bar::Bytes(30_000)))
            },
        ];
        let table = Table { quick: true, rows, notes: vec!["not measured: no tool".into()] };
        let expected = "\
what           measured         beside                ratio  bar                             instructions
parse a СНИЛС  11.2 ns ± 0.6    another 9.0 ns ± 0.5  1.25   ≤ 2× met                        112 / 90
a thing        420.0 µs ± 21.0  another 6.0 ms ± 0.3  0.070  ≤ 0.05× MISSED: 1.40× the bar   4 200 000 / 60 000 000
a thing        310.0 ns ± 15.5                               ≤ 250 ns MISSED: 1.24× the bar  3 100
a thing                                                      ≤ 1× not measured
a thing        38.7 kB                                       ≤ 30 kB MISSED: 1.29× the bar

--quick: few and short measurements, so no figures to quote

not measured: no tool
";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn the_table_is_json_for_a_program() {
        let rows = vec![row(310.0, None, Some(Bar::Nanoseconds(250.0))), row(1.0, Some(2.0), None)];
        let table = Table { quick: false, rows, notes: Vec::new() };
        let json: Value = serde_json::from_str(&table.to_json()).unwrap();
        assert_eq!(json["rows"][0]["met"], json!(false));
        assert_eq!(json["rows"][0]["bar"], json!({"ns": 250.0}));
        assert_eq!(json["rows"][1]["ratio"], json!(0.5));
        assert_eq!(json["rows"][1]["met"], json!(null));
        assert_eq!(json["rows"][1]["beside"]["median_ns"], json!(2.0));
    }

    #[test]
    fn thousands_stand_apart() {
        for (number, text) in [(0.0, "0"), (999.4, "999"), (1000.0, "1 000"), (1.25e6, "1 250 000")]
        {
            assert_eq!(grouped(number), text);
        }
    }
}
