//! No text makes a reader panic, and every finding points into the text.

use flatwright_diagnostic::{Place, Report, SourceId};
use flatwright_flatcar::arch::VmSize;
use flatwright_flatcar::bakery::{parse_checksum_line, parse_image_file};
use flatwright_flatcar::node_units::{timer_drop_in, update_service, update_timer};
use flatwright_flatcar::release::Release;
use flatwright_flatcar::settings::in_source;
use flatwright_flatcar::sysext::is_valid_name;
use flatwright_flatcar::unit::{UnitFile, check_calendar, escape_path, is_time_span, is_valid_unit_name};
use flatwright_flatcar::{sysupdate, unit};
use proptest::prelude::*;

/// Texts that look like settings more often than chance has it.
fn settings_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("[Service]\n".to_owned()),
        Just("[Source]\n".to_owned()),
        Just("[Target]\r\n".to_owned()),
        Just("ExecStart=-/etc/a 'b' ; c\n".to_owned()),
        Just("Type=url-file\n".to_owned()),
        Just("MatchPattern=@v%a@\n".to_owned()),
        Just("OnCalendar=*:0/5\n".to_owned()),
        Just("Where=/a/../b\n".to_owned()),
        Just("\\\n".to_owned()),
        Just("=\0\r".to_owned()),
        any::<String>(),
        "[a-zA-Z@%~.:/*, 0-9-]{0,20}",
    ];
    prop::collection::vec(piece, 0..20).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn checkers_survive_any_text(text in settings_text(), name in any::<Option<String>>(), flag in any::<bool>()) {
        let mut report = Report::new();
        let file = UnitFile { name: name.as_deref(), is_drop_in: flag, is_enabled: !flag, release: flag.then(|| "4230.2.0".parse().unwrap()) };
        unit::check(&text, &file, &in_source(SourceId(0)), &mut report);
        let file = sysupdate::TransferFile { file_name: name.as_deref(), directory: name.as_deref(), release: None };
        sysupdate::check(&text, &file, &in_source(SourceId(0)), &mut report);
        let lines: Vec<usize> = text.split('\n').map(|line| line.chars().count()).collect();
        for diagnostic in report.diagnostics() {
            let Some(Place::LineColumn(line, column)) = diagnostic.anchor.as_ref().map(|a| a.place.clone()) else {
                panic!("{diagnostic:?} has a line and column")
            };
            prop_assert!((line as usize) <= lines.len(), "{diagnostic:?}");
            prop_assert!((column as usize) <= lines[line as usize - 1] + 2, "{diagnostic:?}");
            prop_assert!(!diagnostic.message.contains('\n'), "{diagnostic:?}");
        }
    }

    #[test]
    fn small_readers_survive_any_text(text in any::<String>()) {
        let _ = (check_calendar(&text), is_time_span(&text), is_valid_unit_name(&text), VmSize::parse(&text));
        let _ = (text.parse::<Release>(), timer_drop_in(&text, Some(&text)));
        let _ = (parse_image_file(&text), parse_checksum_line(&text));
    }

    #[test]
    fn calendar_like_texts_survive(text in "[MonTueFri0-9*.,:/~@ -]{0,40}") {
        let _ = (check_calendar(&text), is_time_span(&text));
    }

    #[test]
    fn an_escaped_path_is_the_start_of_a_unit_name(path in "/[ -~]{1,40}") {
        if let Some(name) = escape_path(&path)
            && name.len() < 240
        {
            prop_assert!(is_valid_unit_name(&format!("{name}.mount")), "{name}");
        }
    }

    #[test]
    fn our_units_are_sound(name in "[a-z0-9][a-zA-Z0-9._-]{0,30}") {
        prop_assert!(is_valid_name(&name));
        let mut report = Report::new();
        let file = UnitFile { name: Some("updates.service"), ..UnitFile::default() };
        let settings = unit::check(&update_service(&name).unwrap(), &file, &in_source(SourceId(0)), &mut report);
        prop_assert_eq!(settings.list("Service", "ExecStart").len(), 1);
        let file = UnitFile { name: Some("updates.timer"), is_enabled: true, ..UnitFile::default() };
        let settings = unit::check(&update_timer(&name).unwrap(), &file, &in_source(SourceId(0)), &mut report);
        prop_assert_eq!(settings.list("Timer", "OnCalendar").len(), 1);
        prop_assert!(report.diagnostics().is_empty(), "{:?}", report.diagnostics());
    }
}
