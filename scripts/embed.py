#!/usr/bin/env python3
"""Writes a file as a C array of characters: embed.py FILE OUTPUT NAME.

String literals rather than numbers: compilers read them about twenty times faster, and any compiler for any machine
takes them."""
import sys

HEAD = '''/* Made by scripts/embed.py. */
#include <stddef.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverlength-strings"
extern const char {name}[];
extern const size_t {name}_length;
const char {name}[] =
'''
TAIL = '''    "";
#pragma GCC diagnostic pop
const size_t {name}_length = sizeof {name} - 1;
'''
CHUNK = 100
# Octal of three digits ends by itself, whatever follows; '?' because of trigraphs.
ESCAPED = [chr(b) if 32 <= b < 127 and chr(b) not in '"\\?' else '\\%03o' % b for b in range(256)]


def main(source, target, name):
    with open(source, "rb") as file:
        data = file.read()
    with open(target, "w", encoding="ascii") as file:
        file.write(HEAD.format(name=name))
        for at in range(0, len(data), CHUNK):
            file.write('    "' + "".join(ESCAPED[byte] for byte in data[at:at + CHUNK]) + '"\n')
        file.write(TAIL.format(name=name))


if __name__ == "__main__":
    main(*sys.argv[1:])
