#!/usr/bin/env python3
"""test_terminal.py KEDGE SOURCE - Ctrl-C, the progress bar, and a disk that fills up."""
import fcntl
import os
import pty
import re
import resource
import signal
import struct
import subprocess
import sys
import termios
import time

from support import TIMEOUT, expect, expect_equal, run_tests, tests_of

SHORT = ('--set', 'steps=200', '--set', 'hold=199')


def default_signals():
    """Tests may be started with SIGINT ignored, which programs inherit."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def start(bench, *arguments, **keywords):
    keywords.setdefault('preexec_fn', default_signals)
    return subprocess.Popen([*bench.command, *arguments], cwd=bench.folder, env=bench.environment,
                            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **keywords)


def wait_for(condition, what):
    end = time.monotonic() + TIMEOUT
    while not condition():
        expect(time.monotonic() < end, f'{what}: not within {TIMEOUT} seconds')
        time.sleep(0.005)


def stop_long_run(bench, number):
    """Starts a run that would take hours, stops it once seed 2 is there. (exit status, stdout, stderr)."""
    running = start(bench, 'run', 'red', *SHORT, '-o', 'long', '--seeds', '1000000', '--format', 'csv', '--threads', '2')
    try:
        wait_for(lambda: (bench.folder / 'long' / 'seed-2' / 'model.safetensors').exists(), 'seed 2')
        running.send_signal(number)
        out, err = running.communicate(timeout=TIMEOUT)
    finally:
        running.kill()
    return running.returncode, out.decode(), err.decode()


def expect_kept(bench, status, out, err):
    expect_equal(status, 1, 'exit status')
    found = re.fullmatch(r'kedge: stopped after (\d+) of 1000000 seeds; the same command goes on with the others\n', err)
    expect(found, f'standard error: {err!r}')
    rows = out.splitlines()[1:]
    expect_equal(len(rows), int(found.group(1)), 'rows on standard output')
    expect(len(rows) >= 2 and all(',ok,' in row for row in rows), f'rows: {rows[:5]}')
    expect_equal((bench.folder / 'long' / 'summary.csv').read_text(), out, 'summary.csv')
    for row in rows:
        expect((bench.folder / 'long' / f"seed-{row.split(',')[0]}" / 'model.safetensors').is_file(), f'model of {row}')
    expect(not list((bench.folder / 'long').rglob('*.tmp*')), 'a temporary file is left')


def test_ctrl_c_keeps_what_is_finished(bench):
    expect_kept(bench, *stop_long_run(bench, signal.SIGINT))


def test_sigterm_keeps_what_is_finished(bench):
    expect_kept(bench, *stop_long_run(bench, signal.SIGTERM))


def test_the_same_command_goes_on_after_ctrl_c(bench):
    stop_long_run(bench, signal.SIGINT)

    def models():
        return {path: path.stat().st_mtime_ns for path in (bench.folder / 'long').glob('seed-*/model.safetensors')}
    there = models()
    text = bench.text('run', 'red', *SHORT, '-o', 'long', '--seeds', str(len(there) + 5), '--format', 'csv')
    now = models()
    expect(all(now[path] == when for path, when in there.items()), 'a finished seed was trained again')
    expect(len(now) >= len(there) + 5 and len(text.splitlines()) == len(now) + 1, f'{len(now)} models:\n{text}')


def test_ctrl_c_in_the_first_seed_ends_the_run_too(bench):
    running = start(bench, 'run', 'red', '--set', 'steps=3000000', '-o', 'a', '--seeds', '1')
    try:
        wait_for(lambda: (bench.folder / 'a' / 'seed-0').exists(), 'the folder of seed 0')
        running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=TIMEOUT)
    finally:
        running.kill()
    expect_equal(running.returncode, 1, 'exit status')
    expect_equal(err.decode(), 'kedge: stopped after 0 of 1 seeds; the same command goes on with the others\n',
                 'standard error')
    expect(not (bench.folder / 'a' / 'seed-0' / 'model.safetensors').exists(), 'a model of an unfinished seed')


def test_a_second_ctrl_c_kills(bench):
    # It waits for a reader of its results, more than a pipe holds; the first signal does not end that.
    running = start(bench, 'run', 'red', '--set', 'steps=1', '--set', 'hold=0', '--seeds', '800', '--format', 'json')
    try:
        running.stdout.read(1)
        running.send_signal(signal.SIGINT)
        time.sleep(0.5)
        expect_equal(running.poll(), None, 'exit status after the first signal')
        running.send_signal(signal.SIGINT)
        running.wait(timeout=TIMEOUT)
    finally:
        running.kill()
        running.communicate()
    expect_equal(running.returncode, -signal.SIGINT, 'exit status after the second')


def test_an_ignored_signal_stays_ignored(bench):
    def ignore():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    running = start(bench, 'run', 'red', *SHORT, '-o', 'a', '--seeds', '40', '--format', 'csv', preexec_fn=ignore)
    try:
        wait_for(lambda: (bench.folder / 'a' / 'seed-1' / 'model.safetensors').exists() or running.poll() is not None,
                 'seed 1')
        running.send_signal(signal.SIGINT)
        out, _ = running.communicate(timeout=TIMEOUT)
    finally:
        running.kill()
    expect_equal((running.returncode, len(out.splitlines())), (0, 41), 'exit status and rows')


def on_terminal(bench, *arguments, columns=80, stream='stderr'):
    """(exit status, what came on the terminal that a standard stream is)."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
    streams = {'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL, stream: slave}
    running = subprocess.Popen([*bench.command, *arguments], cwd=bench.folder, env=bench.environment,
                               stdin=subprocess.DEVNULL, **streams)
    os.close(slave)
    shown = b''
    try:
        while True:
            try:
                more = os.read(master, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not more:
                break
            shown += more
        running.wait(timeout=TIMEOUT)
    finally:
        running.kill()
        os.close(master)
    return running.returncode, shown.decode()


def test_a_terminal_gets_a_bar(bench):
    status, shown = on_terminal(bench, 'run', 'red', *SHORT, '--seeds', '3')
    expect_equal(status, 0, 'exit status')
    bars = shown.split('\r')
    expect(any(re.fullmatch(r'0/3 \[\.+\]\x1b\[K', bar) for bar in bars), f'no empty bar: {shown!r}')
    expect(any(re.fullmatch(r'3/3 \[#+\] [\d.]+ seeds/s, 0\.0 s left\x1b\[K', bar) for bar in bars),
           f'no full bar: {shown!r}')
    expect(re.search(r'\r\x1b\[Kkedge: 3 seeds trained in [\d.]+ s\r\n$', shown), f'no last line: {shown!r}')


def test_the_bar_fits_a_narrow_terminal(bench):
    for columns in (1, 2, 10, 40, 50):
        status, shown = on_terminal(bench, 'run', 'red', *SHORT, '--seeds', '3', columns=columns)
        expect_equal(status, 0, 'exit status')
        bars = [bar.removesuffix('\x1b[K') for bar in shown.split('\r') if bar.endswith('\x1b[K')]
        expect(bars and all(len(bar) < columns for bar in bars), f'{columns} columns: {bars}')


def test_quiet_shows_no_bar(bench):
    expect_equal(on_terminal(bench, 'run', 'red', *SHORT, '--seeds', '2', '--quiet'), (0, ''), 'with --quiet')
    expect_equal(on_terminal(bench, 'run', 'red', *SHORT, '--seeds', '2', '-q'), (0, ''), 'with -q')


def test_a_pipe_gets_no_bar(bench):
    expect_equal(bench.kedge('run', 'red', *SHORT, '--seeds', '2').stderr, b'', 'standard error')


def test_npy_is_kept_from_a_terminal(bench):
    bench.kedge('run', 'red', *SHORT, '-o', 'a', '--seeds', '1')
    status, shown = on_terminal(bench, 'latents', 'a/seed-0/model.safetensors', '--format', 'npy', stream='stdout')
    expect_equal((status, shown), (2, ''), 'npy on a terminal')


def limit_files():
    """Files of at most 512 bytes: what a full disk does, without one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, 512))


def test_a_full_disk_leaves_nothing_half_written(bench):
    bench.kedge('run', 'red', *SHORT, '-o', 'a', '--seeds', '1')
    model = 'a/seed-0/model.safetensors'
    for arguments in (['latents', model, '-o', 'x.csv'], ['latents', model, '-o', 'x.npy', '--format', 'npy'],
                      ['draw', 'latents', 'a', '-o', 'x.png'], ['draw', 'latents', 'a', '-o', 'x.svg'],
                      ['draw', 'latents', 'a', '-o', 'x.pdf']):
        name = arguments[arguments.index('-o') + 1]
        done = bench.kedge(*arguments, status=1, preexec_fn=limit_files)
        expect_equal(done.stderr.decode(), f'kedge: {name}: cannot write: File too large\n', 'standard error')
        expect(not list(bench.folder.glob('x.*')), f'{name}: something is left')


def test_a_full_disk_keeps_the_file_that_was_there(bench):
    bench.kedge('run', 'red', *SHORT, '-o', 'a', '--seeds', '1')
    (bench.folder / 'x.csv').write_text('before')
    bench.kedge('latents', 'a/seed-0/model.safetensors', '-o', 'x.csv', status=1, preexec_fn=limit_files)
    expect_equal((bench.folder / 'x.csv').read_text(), 'before', 'x.csv')


def test_a_full_disk_ends_a_run(bench):
    done = bench.kedge('run', 'red', *SHORT, '-o', 'a', '--seeds', '3', status=1, preexec_fn=limit_files)
    expect(re.fullmatch(r'kedge: a/[\w./-]+: cannot write: File too large\n', done.stderr.decode()),
           f'standard error: {done.stderr!r}')
    left = [path.name for path in (bench.folder / 'a').rglob('*') if '.tmp' in path.name]
    expect_equal(left, [], 'temporary files')


if __name__ == '__main__':
    run_tests(tests_of(sys.modules[__name__]))
