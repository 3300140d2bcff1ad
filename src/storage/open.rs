//! Opens a file or a folder with the program that the system has for it.

use std::path::Path;
use std::process::{Command, Stdio};

/// Asks the system to show a file or folder; whether it could be asked.
pub fn show(path: &Path) -> bool {
    let program = if cfg!(target_os = "windows") {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let mut command = Command::new(program);
    command.arg(path).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let Ok(mut child) = command.spawn() else { return false };
    // somebody has to wait for it, or it stays in the table of processes
    std::thread::Builder::new().name("open".into()).spawn(move || child.wait()).is_ok()
}
