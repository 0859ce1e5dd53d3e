//! The container images that the values of add-ons' charts set.
//!
//! Owns: reading `facts/chart-images.txt`. Must not: know a spec, or what a template becomes.

use crate::table::{Row, Table};

/// The images.
pub static CHART_IMAGES: Table = Table::new(include_str!("../../../facts/chart-images.txt"));

/// The row of an image, `<add-on>/<image>`.
pub fn chart_image(name: &str) -> Option<Row> {
    CHART_IMAGES.section("images").row(name)
}

/// The images of an add-on.
pub fn chart_images(addon: &str) -> impl Iterator<Item = Row> + use<> {
    let prefix = format!("{addon}/");
    CHART_IMAGES.section("images").rows().filter(move |row| row.name.starts_with(&prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_says_where_the_name_stands_and_what_it_is_without() {
        let rows: Vec<Row> = CHART_IMAGES.section("images").rows().collect();
        assert!(rows.len() > 10 && !CHART_IMAGES.day().is_empty());
        for row in rows {
            let has_name = row.value("whole").is_some() || row.value("head").is_some() && row.value("rest").is_some();
            assert!(has_name && row.value("default").is_some(), "{}", row.name);
            assert_eq!(row.value("base").is_some(), row.value("base-default").is_some(), "{}", row.name);
            assert_eq!(row.value("cut").is_some(), row.value("head").is_some(), "{}", row.name);
            assert!(row.value("digest").is_none() || row.value("tag").is_some(), "{}", row.name);
        }
        assert_eq!(chart_images("kured").count(), 1);
        assert!(chart_image("kured/kure").is_none());
    }
}
