//! The tables that Azure's command line prints without `-o json`, alone or in a page that shows commands and what they print.
//!
//! A table has a head, a line of dashes below it that says where columns are, and rows to the next empty line. That of a gallery's own versions does not say whose
//! they are; then the command above it does.

use super::Malformed;
use super::azure::{self, Image};

/// The images of all tables; nothing where a text has no table.
pub(super) fn read(text: &str, name: &str) -> Option<Result<Vec<Image>, Malformed>> {
    let lines: Vec<&str> = text.lines().collect();
    let rules: Vec<usize> = (1..lines.len()).filter(|index| columns(lines[*index]).is_some()).collect();
    let mut images = Vec::new();
    let mut is_table = false;
    for rule in rules {
        let columns = columns(lines[rule])?;
        let head: Vec<&str> = columns.iter().map(|column| cell(lines[rule - 1], column)).collect();
        let command = lines[..rule - 1].iter().rev().find(|line| line.contains("az ")).copied();
        let Some(read_row) = reader(&head, command) else { continue };
        is_table = true;
        for (index, line) in lines.iter().enumerate().skip(rule + 1) {
            // What follows the table: nothing, the next command, the end of a block, or dots for what was left out.
            if line.trim().is_empty() || line.starts_with(['$', '`', '.']) {
                break;
            }
            let cells: Vec<&str> = columns.iter().map(|column| cell(line, column)).collect();
            let value = |key: &str| head.iter().position(|known| *known == key).and_then(|at| cells.get(at).copied());
            match read_row(&value) {
                Some(image) => images.push(Image { read: name.to_owned(), ..image }),
                None => return Some(Err(Malformed::line(index, "this row does not name an image"))),
            }
        }
    }
    is_table.then_some(Ok(images))
}

type Value<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;
type Row<'c> = Box<dyn for<'a> Fn(&Value<'a>) -> Option<Image> + 'c>;

/// What reads the rows of a table with this head.
fn reader<'c>(head: &[&str], command: Option<&'c str>) -> Option<Row<'c>> {
    let has = |key: &str| head.contains(&key);
    if has("Offer") && has("Sku") && has("Version") {
        return Some(Box::new(|value| {
            azure::marketplace(
                value("Publisher")?,
                value("Offer")?,
                value("Sku")?,
                value("Version")?,
                value("Architecture"),
            )
        }));
    }
    if has("UniqueId") {
        return Some(Box::new(|value| {
            let (name, version) = azure::gallery(value("UniqueId")?)?;
            Some(Image {
                name,
                version,
                architecture: value("Architecture").and_then(azure::architecture),
                generation: value("HyperVGeneration").and_then(azure::generation_word),
                location: value("Location").map(str::to_owned),
                is_excluded: value("ExcludeFromLatest").is_some_and(|word| word.eq_ignore_ascii_case("true")),
                ..Image::default()
            })
        }));
    }
    if has("Name") && has("ProvisioningState") {
        let name =
            format!("{}/{}", option(command?, "--gallery-name")?, option(command?, "--gallery-image-definition")?);
        return Some(Box::new(move |value| {
            let version = value("Name").filter(|version| azure::is_word(version))?;
            Some(Image {
                name: name.clone(),
                version: Some(version.to_owned()),
                location: value("Location").map(str::to_owned),
                ..Image::default()
            })
        }));
    }
    None
}

/// The value of an option of a command.
fn option<'c>(command: &'c str, name: &str) -> Option<&'c str> {
    let mut words = command.split_whitespace();
    words.find(|word| *word == name)?;
    words.next().filter(|word| azure::is_word(word) && !word.contains('/'))
}

/// Where the columns of a table begin and end, by its line of dashes. The last one has no end.
fn columns(line: &str) -> Option<Vec<(usize, Option<usize>)>> {
    let line = line.trim_end();
    if !line.starts_with("--") || !line.bytes().all(|b| b == b'-' || b == b' ') {
        return None;
    }
    let starts: Vec<usize> = (0..line.len())
        .filter(|at| line.as_bytes()[*at] == b'-' && (*at == 0 || line.as_bytes()[at - 1] == b' '))
        .collect();
    let ends = starts.iter().skip(1).map(|at| Some(*at)).chain([None]);
    (starts.len() > 1).then(|| starts.iter().copied().zip(ends).collect())
}

fn cell<'l>(line: &'l str, (from, until): &(usize, Option<usize>)) -> &'l str {
    let until = until.unwrap_or(line.len()).min(line.len());
    line.get(*from..until.max(*from)).unwrap_or_default().trim()
}
