#!/usr/bin/env python3
"""The checkers themselves: one fault planted in a small sound tree, and it must be named with file and line."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

SOUND = {
    'src/layers.txt': '# lowest first\nkern\nbase\n',
    'src/kern/README.md': '# kern\n',
    'src/base/README.md': '# base\n',
    'src/kern/add.h': '/* add.h - sums. */\nvoid add(void);\n',
    'src/kern/add.c': '/* add.c - sums. */\n#include "kern/add.h"\n\n#include <math.h>\n',
    'src/base/context.h': '/* context.h - memory. */\n#include "kedge/api.h"\n',
    'src/base/context.c': '/* context.c - memory. */\n#include "base/context.h"\n\n#include "kern/add.h"\n\n'
                          '#include <stdlib.h>\nvoid *get(void) { return malloc(1); }\n',
    'src/base/text.c': '/* text.c - printf(1) and malloc(1) in a comment are fine. */\n'
                       'const char *text = "printf(\\"abort()\\")";\nvoid f(struct s *s) { s->free(s); }\n',
    'include/kedge/api.h': '/* api.h - what is exported. */\n',
    'cli/main.c': '/* main.c - the command. */\n#include "cli/command.h"\n#include "kedge/api.h"\n'
                  'int main(void) { printf("x"); }\n',
    'cli/command.h': '/* command.h - one per command. */\n',
    'examples/one.c': '/* one.c - an example. */\n#include <kedge/api.h>\n',
}


def run(script, changes):
    """Exit status and output of a checker on the sound tree with some files changed (None: removed)."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {**SOUND, **changes}.items():
            if text is None:
                continue
            path = Path(folder) / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        done = subprocess.run([sys.executable, ROOT / 'scripts' / script, '--root', folder],
                              capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


class Layers(unittest.TestCase):
    def caught(self, changes, expected):
        status, output = run('check_layers', changes)
        self.assertEqual(status, 1, output)
        self.assertIn(expected, output)
        self.assertEqual(len(output.splitlines()), 1, output)

    def test_sound_tree_passes(self):
        self.assertEqual(run('check_layers', {}), (0, ''))

    def test_upward_include(self):
        self.caught({'src/kern/add.c': '/* */\n\n#include "base/context.h"\n'}, 'src/kern/add.c:3: kern (rank 1)')

    def test_include_without_folder(self):
        self.caught({'src/kern/add.c': '#include "add.h"\n'}, 'src/kern/add.c:1: "add.h" is not written from src/')

    def test_include_through_parent(self):
        self.caught({'src/base/text.c': '#include "../kern/add.h"\n'}, 'src/base/text.c:1: "../kern/add.h"')

    def test_own_header_in_angle_brackets(self):
        self.caught({'src/base/text.c': '#include <kern/add.h>\n'}, 'src/base/text.c:1: <kern/add.h> is our own')

    def test_missing_header(self):
        self.caught({'src/base/text.c': '#include "kern/gone.h"\n'}, 'src/base/text.c:1: no header src/kern/gone.h')

    def test_folder_without_rank(self):
        self.caught({'src/nn/README.md': '# nn\n'}, 'src/nn has no rank')

    def test_rank_without_folder(self):
        self.caught({'src/layers.txt': 'kern\nbase\nnn\n'}, 'src/layers.txt:3: no folder src/nn')

    def test_folder_ranked_twice(self):
        self.caught({'src/layers.txt': 'kern\nbase\nkern\n'}, "src/layers.txt:3: 'kern' is ranked twice")

    def test_missing_readme(self):
        self.caught({'src/base/README.md': None}, 'src/base/README.md:1: missing')

    def test_long_readme(self):
        self.caught({'src/base/README.md': 'x\n' * 16}, 'src/base/README.md:16: too long')

    def test_command_looks_inside(self):
        self.caught({'cli/main.c': '#include "base/context.h"\n'}, 'cli/main.c:1: cli/ includes "base/context.h"')

    def test_example_looks_inside(self):
        self.caught({'examples/one.c': '#include "../src/base/context.h"\n'}, 'examples/one.c:1: examples/ includes')

    def test_public_header_looks_inside(self):
        self.caught({'include/kedge/api.h': '#include "base/context.h"\n'}, 'include/kedge/api.h:1: a public header')


class House(unittest.TestCase):
    def caught(self, changes, expected):
        status, output = run('check_house', changes)
        self.assertEqual(status, 1, output)
        self.assertIn(expected, output)
        self.assertEqual(len(output.splitlines()), 1, output)

    def test_sound_tree_passes(self):
        self.assertEqual(run('check_house', {}), (0, ''))

    def test_each_banned_call(self):
        for call in ('printf', 'puts', 'exit', 'abort', 'getenv', 'strcpy', 'strcat', 'sprintf', 'gets', 'malloc',
                     'free', 'strdup', 'rand'):
            with self.subTest(call):
                self.caught({'src/base/text.c': f'/* t */\n\nvoid f(void) {{ {call}(x); }}\n'},
                            f"src/base/text.c:3: call of '{call}'")

    def test_context_may_not_print(self):
        self.caught({'src/base/context.c': '/* c */\nvoid f(void) { puts(""); }\n'}, "context.c:2: call of 'puts'")

    def test_standard_stream(self):
        self.caught({'src/base/text.c': '/* t */\nFILE *f = stderr;\n'}, "src/base/text.c:2: 'stderr'")

    def test_fault_after_comment_and_string(self):
        self.caught({'src/base/text.c': '/* a "quote */ char c = \'"\';\nvoid f(void) { abort(); } // "\n'},
                    "src/base/text.c:2: call of 'abort'")

    def test_long_line(self):
        self.caught({'tests/base/test_x.c': '/* t */\n' + 'x' * 121 + '\n'}, 'tests/base/test_x.c:2: 121 columns')

    def test_long_file(self):
        self.caught({'src/base/text.c': '/* t */\n' + ';\n' * 500}, 'src/base/text.c:501: 501 lines')

    def test_long_header(self):
        self.caught({'src/base/context.h': '/* t */\n' + ';\n' * 250}, 'src/base/context.h:251: 251 lines')

    def test_tab(self):
        self.caught({'cli/main.c': '/* m */\n\tint x;\n'}, 'cli/main.c:2: a tab')

    def test_trailing_blank(self):
        self.caught({'cli/main.c': '/* m */\nint x; \n'}, 'cli/main.c:2: blanks at the end')

    def test_no_opening_comment(self):
        self.caught({'cli/main.c': 'int x;\n'}, 'cli/main.c:1: no opening comment')

    def test_no_final_newline(self):
        self.caught({'cli/main.c': '/* m */\nint x;'}, 'cli/main.c:2: no newline')


if __name__ == '__main__':
    unittest.main()
