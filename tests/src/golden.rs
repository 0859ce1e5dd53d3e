//! Golden files: `BLESS=1` rewrites them.

use std::path::Path;

/// Whether goldens are rewritten.
pub fn is_blessing() -> bool {
    std::env::var_os("BLESS").is_some_and(|value| value == "1")
}

/// Compares a text with a golden file; `None` means the file must not exist.
///
/// # Errors
/// What differs, with the first line that does.
pub fn golden(path: &Path, text: Option<&str>) -> Result<(), String> {
    let shown = path.strip_prefix(crate::repository()).unwrap_or(path).display();
    if is_blessing() {
        match text {
            Some(text) => {
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, text).unwrap();
            }
            None => drop(std::fs::remove_file(path)),
        }
        return Ok(());
    }
    let wanted = std::fs::read_to_string(path).ok();
    match (wanted, text) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(format!("{shown} is missing; BLESS=1 writes it")),
        (Some(_), None) => Err(format!("{shown} is left over; BLESS=1 removes it")),
        (Some(wanted), Some(text)) if wanted == text => Ok(()),
        (Some(wanted), Some(text)) => {
            let line = wanted.lines().zip(text.lines()).take_while(|(a, b)| a == b).count();
            let at = |text: &str| text.lines().nth(line).unwrap_or("<end of file>").to_owned();
            Err(format!(
                "{shown}:{} differs; BLESS=1 rewrites it\n  golden: {}\n  now:    {}",
                line + 1,
                at(&wanted),
                at(text)
            ))
        }
    }
}
