//! One coordinate as people write it: 120.3, 120°18′00″, 120:18:00, 东经120度18分, 40528479.5.

/// Reads one coordinate; degrees, minutes and seconds become degrees.
pub(super) fn coordinate(word: &str) -> Option<f64> {
    let narrow: String = word
        .chars()
        .map(|letter| match letter {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
            '。' => '.',
            '−' | '–' => '-',
            '\u{3000}' | '\u{a0}' | '\t' => ' ',
            other => other,
        })
        .collect();
    let narrow = narrow.trim();
    if let Ok(number) = narrow.parse::<f64>() {
        return Some(number).filter(|number| number.is_finite());
    }
    let mut rest = narrow.to_lowercase();
    let mut sign = 1.0;
    for (word, turn) in [("东经", 1.0), ("西经", -1.0), ("北纬", 1.0), ("南纬", -1.0)] {
        if let Some(after) = rest.strip_prefix(word) {
            (rest, sign) = (after.to_owned(), turn);
        }
    }
    let letters = [('e', 1.0), ('n', 1.0), ('w', -1.0), ('s', -1.0)];
    for (letter, turn) in letters {
        let plain = rest.trim();
        if let Some(after) = plain.strip_prefix(letter).or_else(|| plain.strip_suffix(letter)) {
            (rest, sign) = (after.to_owned(), turn);
            break;
        }
    }
    let is_mark = |letter: char| "°º˚度'′’‘分\"″”“秒: ".contains(letter);
    let parts: Vec<&str> = rest.split(is_mark).filter(|part| !part.is_empty()).collect();
    let numbers: Option<Vec<f64>> = parts.iter().map(|part| part.parse().ok()).collect();
    let (degrees, minutes, seconds) = match numbers?[..] {
        [degrees] => (degrees, 0.0, 0.0),
        [degrees, minutes] => (degrees, minutes, 0.0),
        [degrees, minutes, seconds] => (degrees, minutes, seconds),
        _ => return None,
    };
    // rounded figures of instruments end in a full sixty
    let is_proper = (0.0..=60.0).contains(&minutes) && (0.0..=60.0).contains(&seconds);
    let size = f64::abs(degrees) + minutes / 60.0 + seconds / 3600.0;
    (is_proper && size.is_finite()).then(|| if degrees.is_sign_negative() { -size } else { size } * sign)
}

/// One coordinate of a column that says to hold degrees, minutes and seconds: 31.3412 is 31°34′12″ there, as surveyors
/// key it in; anything that is marked as such is read as usual.
pub(super) fn packed(word: &str) -> Option<f64> {
    let plain = word.trim();
    let (sign, digits) = plain.strip_prefix('-').map_or((1.0, plain), |rest| (-1.0, rest));
    let Some((degrees, rest)) = digits.split_once('.') else { return coordinate(word) };
    let is_plain = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    if !is_plain(degrees) || !is_plain(rest) || degrees.len() > 3 {
        return coordinate(word);
    }
    let rest = format!("{rest:0<4}");
    let (minutes, seconds) = (rest.get(..2)?.parse::<f64>().ok()?, rest.get(2..)?);
    let seconds: f64 = format!("{}.{}", seconds.get(..2)?, seconds.get(2..)?).parse().ok()?;
    let is_proper = minutes < 60.0 && seconds <= 60.0;
    is_proper.then_some(sign * (degrees.parse::<f64>().ok()? + minutes / 60.0 + seconds / 3600.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_usual_spelling_is_one_number() {
        for word in [
            "120.3",
            "120°18′00″",
            "120°18'0\"E",
            "120:18:00",
            "120°17′60.00″",
            "东经120度18分",
            "E120.3",
            "１２０．３",
            "120 18 0",
        ] {
            assert!((coordinate(word).unwrap() - 120.3).abs() < 1e-12, "{word}");
        }
        assert_eq!(coordinate("40528479.501"), Some(40_528_479.501));
        assert_eq!(coordinate("0°30′W"), Some(-0.5));
        for (word, degrees) in [("31.3412", 31.57), ("120.18", 120.3), ("120.1800000", 120.3), ("31°34′12″", 31.57)]
        {
            assert!((packed(word).unwrap() - degrees).abs() < 1e-12, "{word}");
        }
        assert_eq!(packed("31.6112"), None);
        for word in ["", "abc", "120°75′", "1 2 3 4", "NaN", "inf", "示例"] {
            assert_eq!(coordinate(word), None, "{word}");
        }
    }
}
