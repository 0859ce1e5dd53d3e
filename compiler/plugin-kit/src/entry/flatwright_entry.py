"""Written by `flatwright plugin build` around the author's `app`.

What the author prints, logs and warns of becomes log lines; an exception ends the call with its message and line; what a plugin cannot do is said in words. A component
without WASI ends at a call of WASI without a word, so whatever would lead there is stopped before.
"""

import builtins
import datetime
import functools
import io
import linecache
import logging
import os
import random
import sys
import time
import traceback
import warnings

from componentize_py_types import Err
from wit_world.imports import log

# Python loads these when they are first needed, which is too late.
import encodings.idna
import _strptime
import tokenize
import uuid
import zoneinfo


class _Call:
    """What holds while a hook runs. While the component is built, everything is as usual."""

    runs = False
    # The interpreter still prints the exception that ended it.
    is_over = False
    keeps_a_record = False
    is_seeded = False


class Unavailable(Exception):
    """Something that a plugin does not have."""


def _instead(owner, name, words, usual=None):
    """Stops a function while a hook runs."""
    original = getattr(owner, name, None)
    if original is None:
        return

    @functools.wraps(original, updated=())
    def stopped(*arguments, **named):
        if not _Call.runs:
            return original(*arguments, **named)
        if usual is not None and usual():
            return usual()(*arguments, **named)
        raise Unavailable(words.format(name=name, arguments=", ".join(map(repr, arguments[:1]))))

    setattr(owner, name, stopped)


_FILES = "`{name}({arguments})`: a plugin has no files; read them at the top of the module, while the component is built"
_CLOCK = "`{name}()`: a plugin has no clock; a date goes into the settings"
_RANDOM = "`{name}()`: a plugin has no randomness: equal questions get equal answers; `random.Random(seed)` has a seed of yours"
_PROGRAMS = "`{name}({arguments})`: a plugin cannot start programs"
_EXIT = "`{name}()`: a hook does not exit; it returns its answer, or raises `Err` with findings"


def _stop_what_is_not_there():
    for owner in (builtins, io):
        _instead(owner, "open", _FILES)
    for name in (
        "open stat lstat listdir scandir mkdir makedirs remove rename rmdir unlink access chdir getcwd readlink link symlink utime truncate"
    ).split():
        _instead(os, name, _FILES)
    # It is bound by name where paths are made.
    for name in ("exists", "isfile", "isdir", "lexists", "getsize", "getmtime"):
        _instead(os.path, name, _FILES)
    zero = lambda: (lambda *_: 0) if _Call.keeps_a_record else None
    for name in "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time process_time_ns sleep".split():
        _instead(time, name, _CLOCK, zero)
    for name in ("localtime", "gmtime", "ctime", "strftime", "asctime"):
        # With a time of the author's they need no clock.
        original = getattr(time, name)
        _instead(time, name, _CLOCK, functools.partial(lambda original: _with_a_time(original), original))
    _instead(os, "urandom", _RANDOM)
    _instead(uuid, "uuid1", _RANDOM)
    seeded = lambda name: lambda: getattr(random._inst, name) if _Call.is_seeded else None
    for name in dir(random._inst):
        if not name.startswith("_") and name not in ("seed", "getstate", "setstate", "VERSION") and hasattr(random, name):
            _instead(random, name, _RANDOM, seeded(name))
    seed = random.seed

    def seed_of_the_author(value=None, *more):
        _Call.is_seeded = _Call.runs and value is not None
        if _Call.runs and value is None:
            raise Unavailable(_RANDOM.format(name="seed", arguments=""))
        return seed(value, *more)

    random.seed = seed_of_the_author
    for name in ("system", "popen", "execv", "fork", "spawnv"):
        _instead(os, name, _PROGRAMS)
    _instead(os, "_exit", _EXIT)


_LOOKS_AT_THE_CLOCK = (
    datetime.datetime.now,
    datetime.datetime.utcnow,
    datetime.datetime.today,
    datetime.date.today,
)


def _before_a_call(code, offset, function, first):
    """Methods of types that are not Python's own cannot be replaced. Each place is looked at once."""
    if not _Call.runs:
        return None
    if isinstance(getattr(function, "__self__", None), type) and function in _LOOKS_AT_THE_CLOCK:
        raise Unavailable(_CLOCK.format(name=function.__qualname__, arguments=""))
    return sys.monitoring.DISABLE


def _watch_calls():
    monitoring = sys.monitoring
    monitoring.use_tool_id(monitoring.DEBUGGER_ID, "flatwright")
    monitoring.register_callback(monitoring.DEBUGGER_ID, monitoring.events.CALL, _before_a_call)
    monitoring.set_events(monitoring.DEBUGGER_ID, monitoring.events.CALL)


def _with_a_time(original):
    def called(*arguments):
        if not arguments or (original.__name__ == "strftime" and len(arguments) < 2):
            raise Unavailable(_CLOCK.format(name=original.__name__, arguments=""))
        return original(*arguments)

    return called


class _LateImports:
    """Asked for modules that are not loaded yet."""

    def find_spec(self, name, path=None, target=None):
        if _Call.runs:
            raise ImportError(
                f"`import {name}` comes too late: a plugin has no files; import it at the top of the module, so that it is loaded while the component is built",
                name=name,
            )
        return None


class _Stream(io.TextIOBase):
    """Lines of a standard stream, as log lines."""

    def __init__(self, original, level):
        self._original, self._level, self._rest = original, level, ""

    def writable(self):
        return True

    def isatty(self):
        return False

    def write(self, text):
        if not _Call.runs:
            return self._original.write(text)
        if _Call.is_over:
            return len(text)
        *lines, self._rest = (self._rest + text).split("\n")
        for line in lines:
            log.log(self._level, line)
        return len(text)

    def flush(self):
        if not _Call.runs:
            self._original.flush()

    def finish(self):
        if self._rest:
            log.log(self._level, self._rest)
            self._rest = ""


class _Handler(logging.Handler):
    """Records of loggers without a handler of their own."""

    def emit(self, record):
        level = log.Level.TRACE
        for least, found in (
            (logging.DEBUG, log.Level.DEBUG),
            (logging.INFO, log.Level.INFO),
            (logging.WARNING, log.Level.WARN),
            (logging.ERROR, log.Level.ERROR),
        ):
            if record.levelno >= least:
                level = found
        if _Call.runs:
            log.log(level, self.format(record))


def _record(make):
    def made(*arguments, **named):
        _Call.keeps_a_record = True
        try:
            return make(*arguments, **named)
        finally:
            _Call.keeps_a_record = False

    return made


def _warned(message, category, filename, lineno, file=None, line=None):
    text = f"{_short(filename)}:{lineno}: {category.__name__}: {message}"
    if _Call.runs:
        log.log(log.Level.WARN, text)
    else:
        sys.stderr.write(text + "\n")


def _short(path):
    """A path as the author has it: the directories of the build have numbers."""
    parts = path.split("/")
    return "/".join(parts[2:]) if len(parts) > 2 and parts[0] == "" and parts[1].isdigit() else path


def _tell(error):
    """What the host reads of an exception: place, words, and the way there."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.endswith(("/flatwright_entry.py", "/plugin.py")) and not frame.filename.startswith("<frozen")
    ]
    own = [frame for frame in frames if not frame.filename.startswith("/python/")] or frames
    words = type(error).__name__
    text = "; ".join(str(error).splitlines())
    if isinstance(error, Unavailable):
        words = text
    elif isinstance(error, SystemExit):
        words = _EXIT.format(name="exit")
    elif text:
        words = f"{words}: {text}"
    place = f"{_short(own[-1].filename)}:{own[-1].lineno}" if own else "an unknown line"
    way = [f"in {frame.name} ({_short(frame.filename)}:{frame.lineno})" for frame in reversed(frames[-8:])]
    cause = error.__cause__ or error.__context__
    if cause is not None and not isinstance(error, (Unavailable, SystemExit)):
        way.append(f"after {type(cause).__name__}: {'; '.join(str(cause).splitlines())}")
    log.log(log.Level.ERROR, "\n".join([f"raised at {place}:", words, *way]))


def _hook(function):
    @functools.wraps(function)
    def called(*arguments):
        _Call.runs = True
        try:
            return function(*arguments)
        except Err:
            raise
        except BaseException as error:
            _finish()
            _tell(error)
            _Call.is_over = True
            raise
        finally:
            _finish()

    return called


def _finish():
    sys.stdout.finish()
    sys.stderr.finish()


_stop_what_is_not_there()
_watch_calls()
# Source files are not there when a line of them is to be shown.
linecache.checkcache = lambda *_: None
linecache.updatecache = lambda *_: []
sys.stdout = _Stream(sys.stdout, log.Level.INFO)
sys.stderr = _Stream(sys.stderr, log.Level.WARN)
sys.meta_path.insert(0, _LateImports())
warnings.showwarning = _warned
logging.logThreads = logging.logProcesses = logging.logMultiprocessing = logging.logAsyncioTasks = False
logging.lastResort = _Handler()
logging.setLogRecordFactory(_record(logging.LogRecord))

import app

for _name in ("Meta", "Images", "Sysupdate", "Kubeadm", "Policy"):
    _class = getattr(app, _name, None)
    if _class is not None:
        _methods = {
            name: _hook(getattr(_class, name))
            for name in ("describe", "customize", "select", "review")
            if hasattr(_class, name)
        }
        globals()[_name] = type(_name, (_class,), _methods)
