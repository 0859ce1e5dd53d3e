//! Lets nodes look for updates in a window only, one node group after the other: the window is cut into equal parts by the groups' index, so that no two groups update
//! at once and the control plane goes first.

use flatwright_plugin_sdk::prelude::*;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MINUTES_OF_DAY: u32 = 24 * 60;

/// `spec.plugins[].settings`, as `settings.schema.json` has it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    day: Option<String>,
    start: String,
    minutes: u32,
    timezone: Option<String>,
}

/// The plugin.
pub struct MaintenanceWindow;

impl Plugin for MaintenanceWindow {
    type Settings = Settings;

    fn describe() -> Description {
        description!("lets nodes look for updates in a window only, one node group after the other")
            .settings_schema(include_str!("../settings.schema.json"))
    }
}

impl Sysupdate for MaintenanceWindow {
    fn customize(context: &Context<Settings>, group: &NodeGroup, config: &mut SysupdateConfig, report: &mut Report) {
        if !config.enabled {
            return;
        }
        let settings = &context.settings;
        let Some(start) = minutes_of(&settings.start) else {
            report
                .error(format!("`{}` is not a time of day", settings.start))
                .at_settings("start")
                .hint("write `02:30`");
            return;
        };
        let groups = u32::try_from(context.groups.len()).unwrap_or(u32::MAX).max(1);
        let share = settings.minutes / groups;
        if share == 0 {
            report
                .error(format!("a window of {} min is too short for {groups} node groups", settings.minutes))
                .at_settings("minutes")
                .hint(format!("set `minutes` to {groups} or more"));
            return;
        }
        if let Some(schedule) = config.schedule.as_ref().filter(|schedule| !schedule.on_calendar.is_empty()) {
            let set = schedule.on_calendar.join("`, `");
            report
                .warning(format!("the schedule `{set}` of node group `{}` is replaced", group.name))
                .at_value("schedule");
        }
        config.schedule = Some(Schedule {
            on_calendar: vec![settings.calendar(start + group.index * share)],
            // Machines of a group come one by one within its share.
            randomized_delay: Some(format!("{share}min")),
            accuracy: Some("1s".to_owned()),
            // A machine that was off must not catch up outside the window.
            persistent: Some(false),
            ..Schedule::default()
        });
    }
}

impl Settings {
    /// A calendar event of systemd, at so many minutes after the midnight before the window.
    fn calendar(&self, minutes: u32) -> String {
        let (days, minutes) = (minutes / MINUTES_OF_DAY, minutes % MINUTES_OF_DAY);
        let mut event = String::new();
        let day = self.day.as_ref().and_then(|day| DAYS.iter().position(|other| other == day));
        if let Some(day) = day {
            event = format!("{} ", DAYS[(day + days as usize) % DAYS.len()]);
        }
        event += &format!("*-*-* {:02}:{:02}:00", minutes / 60, minutes % 60);
        if let Some(zone) = &self.timezone {
            event += &format!(" {zone}");
        }
        event
    }
}

fn minutes_of(time: &str) -> Option<u32> {
    let (hours, minutes) = time.split_once(':')?;
    let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

export!(MaintenanceWindow: sysupdate);

#[cfg(test)]
mod tests {
    use flatwright_plugin_sdk::testing;

    use super::*;

    fn calendar(group: u32, settings: &str) -> String {
        let context = testing::group(group, settings);
        let answer = testing::sysupdate::<MaintenanceWindow>(&context, testing::sysupdate_config()).unwrap();
        answer.config.schedule.unwrap().on_calendar.remove(0)
    }

    #[test]
    fn groups_follow_each_other() {
        let settings = r#"{"day": "Sun", "start": "02:00", "minutes": 90, "timezone": "Europe/Berlin"}"#;
        assert_eq!(calendar(0, settings), "Sun *-*-* 02:00:00 Europe/Berlin");
        assert_eq!(calendar(2, settings), "Sun *-*-* 03:00:00 Europe/Berlin");
    }

    #[test]
    fn a_window_may_pass_midnight() {
        let settings = r#"{"day": "Sun", "start": "23:00", "minutes": 180}"#;
        assert_eq!(calendar(1, settings), "Mon *-*-* 00:00:00");
    }

    #[test]
    fn a_window_that_is_too_short_is_refused() {
        let context = testing::group(1, r#"{"start": "02:00", "minutes": 2}"#);
        let findings = testing::sysupdate::<MaintenanceWindow>(&context, testing::sysupdate_config()).unwrap_err();
        assert_eq!(findings[0].place, Place::Settings("minutes".into()));
    }

    #[test]
    fn nodes_without_updates_keep_their_schedule() {
        let config = SysupdateConfig { enabled: false, ..testing::sysupdate_config() };
        let context = testing::group(1, r#"{"start": "02:00", "minutes": 60}"#);
        assert_eq!(testing::sysupdate::<MaintenanceWindow>(&context, config.clone()).unwrap().config, config);
    }
}
