//! Tables for a terminal: Chinese letters are two columns wide.

/// Columns that a text takes in a terminal.
pub fn width(text: &str) -> usize {
    text.chars().map(letter_width).sum()
}

fn letter_width(letter: char) -> usize {
    let is_wide = matches!(u32::from(letter), 0x1100..=0x115f | 0x2e80..=0xa4cf | 0xac00..=0xd7a3 | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f | 0xff00..=0xff60 | 0xffe0..=0xffe6 | 0x1f300..=0x1faff | 0x20000..=0x3fffd);
    if is_wide { 2 } else { usize::from(!letter.is_control()) }
}

/// Lines of a table with its head; numbers stand to the right.
pub fn lines(head: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let mut widths: Vec<usize> = head.iter().map(|cell| width(cell)).collect();
    for row in rows {
        for (known, cell) in widths.iter_mut().zip(row) {
            *known = (*known).max(width(cell));
        }
    }
    let is_number = |column: usize| {
        let cells = || rows.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        cells().next().is_some() && cells().all(|cell| cell.parse::<f64>().is_ok())
    };
    let right: Vec<bool> = (0..head.len()).map(is_number).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut line = String::new();
        for ((cell, wide), right) in cells.zip(&widths).zip(&right) {
            let blanks = " ".repeat(wide.saturating_sub(width(cell)));
            if !line.is_empty() {
                line.push_str("  ");
            }
            line.push_str(&if *right { format!("{blanks}{cell}") } else { format!("{cell}{blanks}") });
        }
        line.trim_end().to_owned()
    };
    let mut all = vec![line(&mut head.iter().copied())];
    all.push(widths.iter().map(|wide| "─".repeat(*wide)).collect::<Vec<_>>().join("  "));
    all.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    all
}

/// A number with at most so many decimals and no idle zeros.
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let short = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if short == "-0" { "0".into() } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_columns_stand_under_each_other() {
        let rows = vec![vec!["梁溪河".into(), "5.5".into()], vec!["A".into(), "12".into()]];
        assert_eq!(lines(&["名称", "km"], &rows), ["名称     km", "──────  ───", "梁溪河  5.5", "A        12"]);
    }

    #[test]
    fn numbers_have_no_idle_zeros() {
        assert_eq!((number(1.50, 2), number(100.0, 2), number(-0.001, 2)), ("1.5".into(), "100".into(), "0".into()));
    }
}
