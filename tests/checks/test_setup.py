#!/usr/bin/env python3
"""scripts/setup and scripts/configure among stand-ins for the system's tools, which keep a record of their calls."""
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TOOLS = ('sh', 'awk', 'sed', 'grep', 'tr', 'head', 'cat', 'mktemp', 'rm', 'env', 'dirname', 'mkdir', 'ls', 'true')

STANDINS = {
    # Prints what is asked of a package that the file 'installed' names; clang stands for clang-14.
    'dpkg-query': '''for name; do :; done
        grep -qx "$name" "$STATE/installed" || exit 1
        case "$*" in *Depends*) echo "clang-14 (>= 14~)" ;; *) printf installed ;; esac''',
    'apt-cache': '''case $1 in
        madison) [ -f "$STATE/lists" ] && echo "$2 | 1 | here" ;;
        show) [ -f "$STATE/lists" ] && echo "Depends: clang-14 (>= 14~)" ;;
        esac; true''',
    'apt-get': '''echo "apt-get $*" >>"$STATE/calls"
        case "$*" in
        *update) : >"$STATE/lists" ;;
        *install*) [ ! -f "$STATE/broken" ] || { echo "E: no such luck"; exit 100; }
            for name; do echo "$name"; done >>"$STATE/installed" ;;
        esac''',
    'sudo': 'echo "sudo $*" >>"$STATE/calls"; [ "$1" != -n ] || shift; [ ! -f "$STATE/refused" ] || exit 1; exec "$@"',
    'id': 'cat "$STATE/id"',
    'cc': 'echo "cc 1"',
    'meson': '''[ "$1" != --version ] || { cat "$STATE/version"; exit; }
        echo "meson $*" >>"$STATE/calls"; mkdir -p "$2/meson-private"
        [ ! -f "$STATE/broken" ] || { echo "ERROR: no such luck"; exit 1; }
        : >"$2/build.ninja"''',
}
BUILD = ['make', 'gcc', 'libc6-dev', 'meson', 'ninja-build', 'pkg-config', 'libyaml-dev', 'libjansson-dev',
         'libsqlite3-dev', 'libmuparser-dev', 'libcairo2-dev', 'libpango1.0-dev', 'libpangocairo-1.0-0',
         'zlib1g-dev', 'librandom123-dev', 'fonts-dejavu-core']


class Standins(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.path = self.folder / 'bin'
        self.path.mkdir()
        for tool in TOOLS:
            (self.path / tool).symlink_to(shutil.which(tool))
        for name, body in STANDINS.items():
            (self.path / name).write_text(f'#!/bin/sh\n{body}\n')
            (self.path / name).chmod(0o755)
        self.state('id', '0\n')
        self.state('lists', '')
        self.state('version', '1\n')
        self.installed(BUILD)

    def state(self, name, text):
        (self.folder / name).write_text(text)

    def installed(self, names):
        self.state('installed', '\n'.join(names) + '\n')

    def calls(self):
        path = self.folder / 'calls'
        return path.read_text().splitlines() if path.exists() else []

    def run_script(self, script, *arguments):
        done = subprocess.run([script, *arguments], capture_output=True, text=True, check=False,
                              stdin=subprocess.DEVNULL,
                              env={'PATH': str(self.path), 'STATE': str(self.folder), 'TMPDIR': str(self.folder)})
        return done.returncode, done.stdout + done.stderr


class Setup(Standins):
    def setup_tree(self, *groups):
        return self.run_script(ROOT / 'scripts' / 'setup', *groups)

    def test_nothing_missing_says_and_does_nothing(self):
        self.assertEqual(self.setup_tree(), (0, ''))
        self.assertEqual(self.calls(), [])

    def test_installs_only_what_is_missing(self):
        self.installed(BUILD[:-1])
        self.assertEqual(self.setup_tree(), (0, 'setup: installing fonts-dejavu-core\n'))
        self.assertEqual([call.split('recommends ')[-1] for call in self.calls()], ['fonts-dejavu-core'])

    def test_a_program_may_come_from_another_package(self):
        for name in ('node', 'npm'):
            (self.path / name).write_text('#!/bin/sh\n')
            (self.path / name).chmod(0o755)
        self.assertEqual(self.setup_tree('web'), (0, 'setup: installing chromium\n'))

    def test_empty_lists_are_read_first(self):
        self.installed(BUILD[:-1])
        (self.folder / 'lists').unlink()
        self.assertEqual(self.setup_tree()[0], 0)
        self.assertEqual([call.split()[-1] for call in self.calls()], ['update', 'fonts-dejavu-core'])

    def test_runtime_fits_the_clang(self):
        self.installed(BUILD + ['libcmocka-dev', 'clang', 'python3'])
        self.assertEqual(self.setup_tree('build', 'test'), (0, 'setup: installing libclang-rt-14-dev\n'))

    def test_runtime_fits_the_clang_that_comes_along_on_empty_lists(self):
        (self.folder / 'lists').unlink()
        self.assertEqual(self.setup_tree('build', 'fuzz')[0], 0)
        self.assertIn('clang libclang-rt-14-dev', self.calls()[-1])

    def test_failure_is_tried_again_with_fresh_lists_and_then_shown(self):
        self.installed(BUILD[:-1])
        self.state('broken', '')
        status, output = self.setup_tree()
        self.assertEqual(status, 1)
        self.assertIn('E: no such luck', output)
        self.assertIn('could not install fonts-dejavu-core', output)
        self.assertEqual([call.split()[-1] for call in self.calls()],
                         ['fonts-dejavu-core', 'update', 'fonts-dejavu-core'])

    def test_uses_sudo_where_not_root(self):
        self.installed(BUILD[:-1])
        self.state('id', '1000\n')
        self.assertEqual(self.setup_tree()[0], 0)
        self.assertTrue(self.calls()[-2].startswith('sudo -n env DEBIAN_FRONTEND=noninteractive apt-get'))

    def test_refused_sudo_names_the_command(self):
        self.installed(BUILD[:-1])
        self.state('id', '1000\n')
        self.state('refused', '')
        status, output = self.setup_tree()
        self.assertEqual(status, 1)
        self.assertIn('apt-get install --no-install-recommends fonts-dejavu-core', output)

    def test_neither_root_nor_sudo_names_the_command(self):
        self.installed(BUILD[:-1])
        self.state('id', '1000\n')
        (self.path / 'sudo').unlink()
        status, output = self.setup_tree()
        self.assertEqual(status, 1)
        self.assertIn('run as root: apt-get install --no-install-recommends fonts-dejavu-core', output)

    def test_without_apt_names_what_is_missing(self):
        (self.path / 'apt-get').unlink()
        status, output = self.setup_tree()
        self.assertEqual(status, 1)
        self.assertIn('there is no apt here', output)
        self.assertIn('ninja-build', output)
        self.assertNotIn('meson', output)

    def test_unknown_group(self):
        status, output = self.setup_tree('biuld')
        self.assertEqual(status, 2)
        self.assertIn("unknown group 'biuld'", output)


class Configure(Standins):
    def setUp(self):
        super().setUp()
        (self.folder / 'tree' / 'scripts').mkdir(parents=True)
        self.script = self.folder / 'tree' / 'scripts' / 'configure'
        shutil.copy(ROOT / 'scripts' / 'configure', self.script)

    def configure(self, *options):
        return self.run_script(self.script, 'build', *options)[0]

    def test_same_options_configure_once(self):
        self.assertEqual([self.configure('-Da=1'), self.configure('-Da=1')], [0, 0])
        self.assertEqual(self.calls(), ['meson setup build -Da=1'])

    def test_other_options_start_over(self):
        self.configure('-Da=1')
        (self.folder / 'tree' / 'build' / 'old').touch()
        self.assertEqual(self.configure('-Da=2'), 0)
        self.assertEqual(len(self.calls()), 2)
        self.assertFalse((self.folder / 'tree' / 'build' / 'old').exists())

    def test_another_meson_starts_over(self):
        self.configure()
        self.state('version', '2\n')
        self.configure()
        self.assertEqual(len(self.calls()), 2)

    def test_failed_directory_starts_over(self):
        self.state('broken', '')
        self.assertEqual(self.configure(), 1)
        (self.folder / 'broken').unlink()
        self.assertEqual(self.configure(), 0)
        self.assertEqual(len(self.calls()), 2)

    def test_foreign_directory_is_left_alone(self):
        precious = self.folder / 'tree' / 'build' / 'precious'
        precious.parent.mkdir()
        precious.touch()
        self.assertEqual(self.configure(), 1)
        self.assertTrue(precious.exists())


if __name__ == '__main__':
    unittest.main()
