//! Every library that the program is built from may be shipped with it.

use std::process::Command;

/// Terms that ask no more than their text beside the program.
const FREE: [&str; 18] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unlicense",
    "CC0-1.0",
    "BSL-1.0",
    "Unicode-3.0",
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "CDLA-Permissive-2.0",
    "MPL-2.0",
    "OpenSSL",
    "0BSD",
];

/// An SPDX expression holds when one side of each OR, and both sides of each AND, are free.
fn holds(expression: &str) -> bool {
    let expression = expression.replace('/', " OR ");
    let plain = expression.replace(['(', ')'], "");
    if expression.contains('(') && expression.contains(" AND ") {
        return split_outside(&expression, " AND ").iter().all(|part| holds(&part.replace(['(', ')'], "")));
    }
    plain.split(" AND ").all(|part| part.split(" OR ").any(|term| FREE.contains(&term.trim())))
}

fn split_outside(expression: &str, separator: &str) -> Vec<String> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, letter) in expression.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && expression[at..].starts_with(separator) => {
                parts.push(expression[start..at].to_string());
                start = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(expression[start..].to_string());
    parts
}

#[test]
fn every_library_may_be_shipped() {
    let version = Command::new("rustc").arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| !package["license"].as_str().is_some_and(holds))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_expression_needs_every_and_and_one_or() {
    assert!(holds("MIT OR GPL-3.0") && holds("(MIT OR GPL-3.0) AND Unicode-3.0") && holds("MIT/Apache-2.0"));
    assert!(!holds("GPL-3.0") && !holds("MIT AND GPL-3.0") && !holds("(MIT OR ISC) AND GPL-3.0"));
}
