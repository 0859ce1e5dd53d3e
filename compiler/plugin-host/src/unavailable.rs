//! What a plugin wanted that is not there, by the functions that it was in when it ended.
//!
//! Owns: the names that the C library, its WASI layer and interpreters give those functions. A component whose WASI was replaced by traps ends in them without a word.

/// A thing that plugins lack.
#[derive(Debug)]
pub(crate) struct Wanted {
    pub(crate) fact: &'static str,
    pub(crate) hint: &'static str,
    /// Parts of names of functions.
    marks: &'static [&'static str],
}

/// In the order in which they are looked for: an import and an exit lead through files and streams.
const THINGS: &[Wanted] = &[
    Wanted {
        fact: "it imported a module that was not loaded when the plugin was built: a plugin has no files",
        hint: "import the module at the top of the file, so that it is loaded while the component is built",
        marks: &["import_find_and_load", "PyImport_ImportModule", "_PyImport_", "builtin___import__"],
    },
    Wanted {
        fact: "it exited; a hook returns its answer instead",
        hint: "return the answer, or findings of severity error",
        marks: &["__wasi_proc_exit", "proc_exit", "exit_exit", "Py_Exit"],
    },
    Wanted {
        fact: "it looked at the clock; a plugin has none, so that equal questions get equal answers",
        hint: "bring the date or time in the settings",
        marks: &[
            "wall_clock_now",
            "monotonic_clock_now",
            "clock_gettime",
            "gettimeofday",
            "clock_time_get",
            "js_date_now",
        ],
    },
    Wanted {
        fact: "it drew a random number; a plugin has no randomness, so that equal questions get equal answers",
        hint: "use a generator with a seed of your own",
        marks: &["random_get_random", "__wasilibc_random", "getentropy", "random_get", "insecure_seed", "py_getrandom"],
    },
    Wanted {
        fact: "it wrote to a standard stream, which a plugin does not have",
        hint: "log it, or build with `flatwright plugin build`, which makes log lines of it",
        marks: &[
            "stderr_get_stderr",
            "stdout_get_stdout",
            "terminal_stderr",
            "terminal_stdout",
            "stdio_get_write_stream",
            "stdin_get_stdin",
        ],
    },
    Wanted {
        fact: "it reached for the network, which a plugin does not have",
        hint: "bring what it needs to know in the settings",
        marks: &["tcp_create_socket", "udp_create_socket", "ip_name_lookup", "sock_", "getaddrinfo"],
    },
    Wanted {
        fact: "it reached for a file; a plugin has none",
        hint: "read files while the component is built, at the top of the module, or bring the text in the settings",
        marks: &["filesystem_", "__wasilibc_find_", "__wasilibc_open", "path_open", "fd_read", "fd_prestat"],
    },
    Wanted {
        fact: "it read the environment, which a plugin does not have",
        hint: "bring what it needs to know in the settings",
        marks: &["environment_get_", "environ_get", "environ_sizes_get"],
    },
];

/// The first thing that one of these functions is there for.
pub(crate) fn wanted<'n>(functions: impl Iterator<Item = &'n str>) -> Option<&'static Wanted> {
    let functions: Vec<&str> = functions.collect();
    // Without a function of WASI the plugin ended of something else, wherever it was called from.
    let reaches = |thing: &Wanted| functions.iter().any(|name| thing.marks.iter().any(|mark| name.contains(mark)));
    let (import, others) = THINGS.split_first()?;
    let thing = others.iter().find(|thing| reaches(thing))?;
    Some(if thing.marks.contains(&"filesystem_") && reaches(import) { import } else { thing })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(functions: &[&str]) -> Option<&'static str> {
        wanted(functions.iter().copied()).map(|wanted| wanted.fact)
    }

    #[test]
    fn what_was_wanted_is_told_by_the_functions_on_the_way() {
        for (functions, word) in [
            (&["wall_clock_now", "__clock_gettime", "time_time"][..], "clock"),
            (&["filesystem_preopens_get_directories", "__wasilibc_populate_preopens", "stat"], "file"),
            (&["filesystem_preopens_get_directories", "os_stat", "import_find_and_load"], "imported a module"),
            (&["stderr_get_stderr", "stdio_get_write_stream"], "standard stream"),
            (&["random_get_random_bytes", "__wasilibc_random"], "random number"),
            (&["__wasi_proc_exit", "_Exit"], "exited"),
            (&["environment_get_environment", "__wasilibc_initialize_environ"], "environment"),
        ] {
            assert!(fact(functions).is_some_and(|fact| fact.contains(word)), "{functions:?}: {:?}", fact(functions));
        }
        assert_eq!(fact(&["app::customize", "core::panicking::panic"]), None);
        assert_eq!(fact(&["PyImport_ImportModule", "PyErr_Print"]), None, "an import that ends of itself");
    }
}
