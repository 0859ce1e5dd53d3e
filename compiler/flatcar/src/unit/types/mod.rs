//! The types that values of settings have, and what systemd reads as each.
//!
//! Owns: the types by their names in `facts/systemd-settings.txt`. Must not: know a setting; the table says which has which type.

mod kernel;
mod name;
mod network;
mod number;
mod path;
mod resource;
mod specifier;
mod split;

pub(super) use specifier::{Letters, NotASpecifier, expanded};
pub(super) use split::is_escaped_well;

use super::name::UnitKind;
use super::value;

/// A type of values.
#[derive(Clone, Copy)]
pub(super) struct Type {
    /// What a value is, for a hint.
    pub(super) wanted: &'static str,
    /// Whether `wanted` is the values themselves.
    pub(super) is_words: bool,
    specifiers: Specifiers,
    letters: Letters,
    /// Whether newer systems may know more values.
    pub(super) may_grow: bool,
    read: fn(&str) -> bool,
}

/// Where `%` and a letter stand for something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Specifiers {
    Nowhere,
    InValue,
    /// In each word, which may not be empty then.
    InWords,
    /// In a name, which may be neither empty nor the unit's own.
    InOtherName,
}

impl Type {
    /// The first letter or digit after `%` that is not a specifier where there are some.
    pub(super) fn unknown_specifier(self, value: &str) -> Option<char> {
        (self.specifiers != Specifiers::Nowhere).then(|| specifier::unknown(value, self.letters)).flatten()
    }

    /// Whether systemd reads the value in that unit.
    pub(super) fn accepts(self, value: &str, unit: Option<&str>) -> bool {
        if self.specifiers == Specifiers::Nowhere {
            return (self.read)(value);
        }
        // What only the machine knows is not judged.
        let is_good = |value: String| {
            let may_be = match self.specifiers {
                Specifiers::InWords => !value.is_empty(),
                Specifiers::InOtherName => !value.is_empty() && unit != Some(&value),
                Specifiers::Nowhere | Specifiers::InValue => true,
            };
            may_be && (self.read)(&value)
        };
        specifier::expanded(value, unit, self.letters).is_ok_and(|value| value.is_none_or(is_good))
    }
}

const fn exact(wanted: &'static str, read: fn(&str) -> bool) -> Option<Type> {
    Some(Type {
        wanted,
        is_words: false,
        specifiers: Specifiers::Nowhere,
        letters: Letters::All,
        may_grow: false,
        read,
    })
}

/// A few words, besides numbers for some.
const fn one_of(wanted: &'static str, read: fn(&str) -> bool) -> Option<Type> {
    Some(Type { wanted, is_words: true, specifiers: Specifiers::Nowhere, letters: Letters::All, may_grow: false, read })
}

const fn expanding(wanted: &'static str, read: fn(&str) -> bool) -> Option<Type> {
    Some(Type {
        wanted,
        is_words: false,
        specifiers: Specifiers::InValue,
        letters: Letters::All,
        may_grow: false,
        read,
    })
}

const fn each(wanted: &'static str, read: fn(&str) -> bool) -> Option<Type> {
    Some(Type {
        wanted,
        is_words: false,
        specifiers: Specifiers::InWords,
        letters: Letters::All,
        may_grow: false,
        read,
    })
}

const fn names(wanted: &'static str, specifiers: Specifiers, read: fn(&str) -> bool) -> Option<Type> {
    Some(Type { wanted, is_words: false, specifiers, letters: Letters::OfNames, may_grow: false, read })
}

/// Names that newer kernels may have more of.
const fn listed(wanted: &'static str, read: fn(&str) -> bool) -> Option<Type> {
    Some(Type { wanted, is_words: false, specifiers: Specifiers::Nowhere, letters: Letters::All, may_grow: true, read })
}

const PATH: &str = "an absolute path without `..`";
const PATHS: &str = "absolute paths without `..`";
const SPAN: &str = "a time span such as `90`, `5min` or `1h 30s`";
const SIZE: &str = "a size such as `512M`";
const BOOLEAN: &str = "yes no";

/// The type of a name; `None` for one whose values are not judged, or judged elsewhere.
pub(super) fn of(name: &str) -> Option<Type> {
    match name {
        "units" => names("names of units", Specifiers::InValue, |_| true),
        "text" | "condition" | "security-label" => expanding("a text in which `%` begins specifiers", |_| true),
        "boolean" => one_of(BOOLEAN, value::is_boolean),
        "mode" => exact("an octal mode such as `0644`", value::is_mode),
        "span" | "span-or-boolean" | "span-or-infinity" | "span-or-zero" | "trigger-span" => {
            exact(SPAN, value::is_time_span)
        }
        "nanoseconds" => exact(SPAN, value::is_time_span),
        "unsigned" | "tty-size" => exact("a number without sign", kernel::is_unsigned),
        "integer" => exact("a number", kernel::is_integer),
        "swap-priority" => exact("a number from -1 to 32767", |text| number::is_in(text, -1..=32767)),
        "long" => exact("a number", kernel::is_long),
        "path" => expanding(PATH, path::is_absolute_or_empty),
        "mount-what" => expanding("an absolute path, or a label or number such as `LABEL=data`", path::is_device),
        "watched-path" => expanding(PATH, path::is_absolute),
        "paths" | "mounts-for" => each(PATHS, path::are_absolute),
        "condition-path" => expanding(PATH, |text| path::is_absolute(text.trim_start_matches(['|', '!', ' ']))),
        "working-directory" => expanding("`~`, or an absolute path without `..`", path::is_working_directory),
        "namespace-paths" => each("absolute paths, with `-` or `+` before them", path::are_of_namespace),
        "environment-file" => expanding("an absolute path, with `-` before it if it may be missing", path::is_optional),
        "search-path" => each("absolute paths with `:` between them", path::is_search_path),
        "bind-paths" => each("`SOURCE[:TARGET[:rbind|norbind]]` with absolute paths", path::are_binds),
        "temporary-file-systems" => each("`PATH[:OPTIONS]` with absolute paths", path::are_temporary),
        "root-image-options" => expanding("`[PARTITION:]OPTIONS`", path::are_root_image_options),
        "mount-images" => each("`IMAGE:TARGET[:OPTIONS]` with absolute paths", path::are_mount_images),
        "extension-images" => each("`IMAGE[:OPTIONS]` with absolute paths", path::are_extension_images),
        "root-hash" => expanding("a hash in hexadecimal, or an absolute path", path::is_root_hash),
        "root-hash-signature" => exact("`base64:…`, or an absolute path", path::is_root_hash_signature),
        "directories" => each("relative paths without `..`", |text| path::are_directories(text, true)),
        "configuration-directories" => each("relative paths without `..`", |text| path::are_directories(text, false)),
        "protect-hostname" => expanding("yes no private, with `:` and a name", path::is_protect_hostname),
        "pid-file" => expanding("a path without `..`", path::is_pid_file),
        "bpf-program" => exact("`ATTACH-TYPE:PATH`", path::is_bpf_program),
        "open-file" => expanding("`PATH[:NAME[:OPTIONS]]`", path::is_open_file),
        "device-allow" => {
            expanding("a device such as `/dev/sda` or `char-pts`, and `r`, `w`, `m`", path::is_device_allow)
        }
        "user" => expanding("a name or number", name::is_user),
        "users" => each("names or numbers", name::are_users),
        "environment" => each("`NAME=value`, quoted as a whole where it has spaces", name::are_assignments),
        "pass-environment" => each("names of variables", name::are_variables),
        "unset-environment" => each("names of variables", name::are_variables_or_assignments),
        "log-fields" => each("`FIELD=value` with the field in upper case", name::are_log_fields),
        "log-namespace" => each("a name of letters, digits and `:-_.@`", name::is_log_namespace),
        "signal" => exact("a signal such as `SIGTERM`", name::is_signal),
        "statuses" => exact("numbers to 255, names such as `TEMPFAIL`, or signals", name::are_statuses),
        "exit-status" => exact("a number from 0 to 255", |text| number::is_in(text, 0..=255)),
        "bus-name" => expanding("a bus name such as `org.example.Name`", name::is_bus_name),
        "slice" => names("a slice such as `system.slice`", Specifiers::InValue, name::is_slice),
        "sockets" => names("names of socket units", Specifiers::InWords, name::are_sockets),
        "service" => {
            names("a name of a service", Specifiers::InValue, |text| name::is_unit(text, Some(UnitKind::Service)))
        }
        "trigger-unit" => names("a name of another unit", Specifiers::InOtherName, |text| name::is_unit(text, None)),
        "interface" => exact("a name of an interface, or `*`", |text| text == "*" || name::is_interface(text)),
        "interfaces" => exact("names of interfaces", name::are_interfaces),
        "fd-name" => expanding("a name without `:`", name::is_descriptor),
        "set-credential" => exact("`NAME:VALUE`", name::is_set_credential),
        "set-credential-encrypted" => exact("`NAME:VALUE` with the value in base64", name::is_encrypted_credential),
        "load-credential" => expanding("`NAME[:PATH]`", name::is_load_credential),
        "input-data" => exact("base64", name::is_base64),
        "input-text" => exact("a text whose `\\` begin escapes", split::is_escaped_well),
        "documentation" => expanding("`https://…`, `man:…`, `info:…` or `file:/…`", name::are_documents),
        "ascii" => expanding("a text without other letters than English has", str::is_ascii),
        "listen" => expanding("a port, an address with port, a path or `@name`", network::is_listen),
        "listen-local" => expanding("a path or `@name`", network::is_unix),
        "listen-netlink" => expanding("a family such as `route`, and a group", network::is_netlink),
        "socket-protocol" => one_of("udplite sctp mptcp", network::is_socket_protocol),
        "address-prefixes" => exact("networks such as `10.0.0.0/8`, `any` or `localhost`", network::are_prefixes),
        "socket-bind" => exact("`[ipv4|ipv6:][tcp|udp:]PORTS` or `any`", network::is_bind_rule),
        "nft-set" => exact("`cgroup:FAMILY:TABLE:SET`", network::are_nft_sets),
        "input" => {
            expanding("one of null, tty, tty-force, tty-fail, data, socket, `fd:NAME`, `file:PATH`", network::is_input)
        }
        "output" => expanding(
            "one of inherit, null, tty, journal, kmsg, journal+console, kmsg+console, socket, `fd:NAME`, `file:PATH`, `append:PATH`, `truncate:PATH`",
            network::is_output,
        ),
        "nice" => exact("a number from -20 to 19", |text| number::is_in(text, -20..=19)),
        "oom-score-adjust" => exact("a number from -1000 to 1000", |text| number::is_in(text, -1000..=1000)),
        "io-priority" => exact("a number from 0 to 7", |text| number::is_in(text, 0..=7)),
        "cpu-priority" => exact("a number from 0 to 99", |text| number::is_in(text, 0..=99)),
        "coredump-filter" => {
            exact("kinds of memory such as `private-anonymous`, or a number", kernel::is_coredump_filter)
        }
        "cpu-policy" => one_of("other batch idle fifo rr ext", kernel::is_cpu_policy),
        "io-class" => one_of("none realtime best-effort idle", kernel::is_io_class),
        "cpu-affinity" => expanding("numbers of processors such as `0-3 5`", kernel::is_affinity),
        "cpu-set" => expanding("numbers such as `0-3 5`", number::is_set),
        "numa-mask" => exact("numbers such as `0-3`, or `all`", kernel::is_numa_mask),
        "log-facility" => exact("a facility such as `daemon`", kernel::is_log_facility),
        "log-level" => one_of("emerg alert crit err warning notice info debug", kernel::is_log_level),
        "ip-tos" => one_of("low-delay throughput reliability low-cost", kernel::is_ip_tos),
        "system-calls" => listed("system calls or groups such as `@system-service`", kernel::are_system_calls),
        "system-call-error" => listed("an error such as `EPERM`", kernel::is_system_call_error),
        "architectures" => listed("architectures such as `native`", kernel::are_architectures),
        "address-families" => listed("families such as `AF_INET`, or `none`", kernel::are_address_families),
        "file-systems" => listed("file systems, or groups such as `@basic-api`", kernel::are_file_systems),
        "capabilities" => listed("capabilities such as `CAP_NET_ADMIN`", kernel::are_capabilities),
        "namespaces" => listed("yes, no, or cgroup ipc net mnt pid user uts time", kernel::are_namespaces),
        "image-policy" => listed("a policy such as `root=verity+signed`", kernel::is_image_policy),
        "limit" => exact("`SOFT[:HARD]` with sizes, or `infinity`", resource::is_limit_of_bytes),
        "limit-count" => exact("`SOFT[:HARD]` with numbers, or `infinity`", resource::is_limit_of_count),
        "limit-nice" => exact("`SOFT[:HARD]` with numbers from 0 to 40, or `+` or `-` and a nice level", |text| {
            !text.contains("infinity") && number::is_limit(text, number::nice_limit)
        }),
        "limit-seconds" | "limit-microseconds" => {
            exact("`SOFT[:HARD]` with time spans, or `infinity`", resource::is_limit_of_time)
        }
        "weight" => exact("a number from 1 to 10000", resource::is_weight),
        "cpu-weight" => exact("a number from 1 to 10000, or `idle`", resource::is_cpu_weight),
        "shares" => exact("a number from 2 to 262144", resource::is_shares),
        "block-weight" => exact("a number from 10 to 1000", resource::is_block_weight),
        "cpu-quota" => exact("a share such as `50%`", resource::is_cpu_quota),
        "memory" => exact("a size such as `512M`, a share such as `10%`, or `infinity`", resource::is_memory),
        "memory-above-zero" => {
            exact("a size such as `512M`, a share such as `10%`, or `infinity`", resource::is_some_memory)
        }
        "size" => exact(SIZE, resource::is_size),
        "tasks" => exact("a number, a share such as `10%`, or `infinity`", resource::is_tasks),
        "device-weight" => expanding("a device and a number from 1 to 10000", resource::is_device_weight),
        "device-bandwidth" => expanding("a device and a size", resource::is_device_bandwidth),
        "device-latency" => expanding("a device and a time span", resource::is_device_latency),
        "delegate" => listed("yes, no, or controllers such as `cpu`", resource::is_delegate),
        "controllers" => listed("controllers such as `cpu`", resource::are_controllers),
        "pressure-limit" => exact("a share such as `60%`", resource::is_pressure),
        "pressure-duration" => exact(SPAN, value::is_time_span),
        "delegate-subgroup" => exact("a name without `/`", resource::is_group_name),
        "quota" => listed("a size, a share such as `10%`, or `off`", resource::is_quota),
        "concurrency" => exact("a number, or `infinity`", resource::is_concurrency),
        _ => None,
    }
}
