#!/usr/bin/env python3
"""Reads what kedge wrote, with a reader of its own, and computes the model again in double.

    read_run.py --kedge BINARY RUN-DIRECTORY...    compare each seed's model, and its records, with `kedge latents`
    read_run.py --self-test                        the same on files that this script writes itself

Standard library only. Nothing here is shared with the C code: the formats are read from their descriptions
(safetensors: 8 bytes of header length, JSON, then raw little-endian data; npy: magic, version, a Python
dictionary, then raw data), and the model from METHOD: linear layers, an activation between them, rows to unit
length at the bottleneck. Prints one TAP line per file compared; exit status 1 if one differs by more than 2e-5.
"""
import argparse
import array
import ast
import csv
import io
import json
import math
import re
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

BOUND = 2e-5
FLOAT_SIZES = {'F32': ('f', 4), 'F64': ('d', 8)}
NPY_TYPES = {'<f4': ('f', 4), '<f8': ('d', 8), '<i4': ('i', 4), '<i8': ('q', 8), '<u4': ('I', 4), '<u8': ('Q', 8)}


class Broken(Exception):
    """A file that is not what it should be."""


def numbers(code, raw):
    values = array.array(code)
    values.frombytes(raw)
    if sys.byteorder == 'big':
        values.byteswap()
    return values


def no_duplicates(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise Broken('a key of the header occurs twice')
    return dict(pairs)


def read_safetensors(path):
    """({name: (shape, values)}, metadata). Every byte of the data must belong to exactly one tensor."""
    raw = Path(path).read_bytes()
    if len(raw) < 8:
        raise Broken(f'{path}: shorter than its header length')
    (length,) = struct.unpack('<Q', raw[:8])
    if 8 + length > len(raw):
        raise Broken(f'{path}: header of {length} bytes in a file of {len(raw)}')
    header = json.loads(raw[8:8 + length].decode('utf-8'), object_pairs_hook=no_duplicates)
    data = raw[8 + length:]
    metadata = header.pop('__metadata__', {})
    if not all(isinstance(value, str) for value in metadata.values()):
        raise Broken(f'{path}: metadata that is not text')
    tensors, spans = {}, []
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        shape = entry['shape']
        code, size = FLOAT_SIZES[entry['dtype']]
        if not 0 <= begin <= end <= len(data) or end - begin != size * math.prod(shape):
            raise Broken(f"{path}: tensor '{name}' of shape {shape} lies at {begin}..{end} of {len(data)} bytes")
        spans.append((begin, end))
        tensors[name] = (shape, numbers(code, data[begin:end]))
    spans.sort()
    if [begin for begin, _ in spans] != [0] + [end for _, end in spans[:-1]] or spans[-1][1] != len(data):
        raise Broken(f'{path}: the tensors do not fill the data without gaps')
    return tensors, metadata


def read_npy(raw, name):
    """(shape, values) of an npy file in C order."""
    if raw[:6] != b'\x93NUMPY':
        raise Broken(f'{name}: no npy file')
    wide = raw[6] >= 2
    (length,) = struct.unpack('<I' if wide else '<H', raw[8:12 if wide else 10])
    start = (12 if wide else 10) + length
    if start % 16:
        raise Broken(f'{name}: the data begins at {start}, no multiple of 16')
    header = ast.literal_eval(raw[start - length:start].decode('latin-1').strip())
    if header['fortran_order'] or header['descr'] not in NPY_TYPES:
        raise Broken(f'{name}: {header}; expected one of {sorted(NPY_TYPES)} in C order')
    code, size = NPY_TYPES[header['descr']]
    if len(raw) - start != size * math.prod(header['shape']):
        raise Broken(f"{name}: {len(raw) - start} bytes of data for shape {header['shape']}")
    return list(header['shape']), numbers(code, raw[start:])


def model_settings(recipe):
    """The keys under 'model:' of a resolved recipe, as text: flow '{a: b, c: d}' or block style."""
    lines = recipe.splitlines()
    at = next((i for i, line in enumerate(lines) if re.match(r'model\s*:', line)), None)
    if at is None:
        raise Broken("the recipe has no 'model'")
    text = lines[at].split(':', 1)[1].split(' #')[0].strip()
    for line in lines[at + 1:]:
        if line.strip() and not line[0].isspace():
            break
        text += '\n' + line.split(' #')[0]
    return dict(re.findall(r'(\w+)\s*:\s*(\[[^\]]*\]|[^,}\n]+?)\s*(?=[,}\n]|$)', text.replace('\n      -', ' -')))


def is_true(text):
    return text.strip().strip('"\'').lower() in ('true', 'yes', 'on')


ACTIVATIONS = {
    'gelu': lambda u: 0.5 * u * (1.0 + math.erf(u / math.sqrt(2.0))),
    'relu': lambda u: max(u, 0.0),
    'tanh': math.tanh,
    'sigmoid': lambda u: 1.0 / (1.0 + math.exp(-u)) if u >= 0 else math.exp(u) / (1.0 + math.exp(u)),
    'linear': lambda u: u,
}


class Autoencoder:
    """The model of a state dict: layers 0, 2, 4, ... of 'encoder' and 'decoder', an activation between them."""

    def __init__(self, tensors, settings):
        self.activation = ACTIVATIONS[settings['activation'].strip('"\' ')]
        self.output = ACTIVATIONS[settings['output'].strip('"\' ')]
        self.normalize = is_true(settings['normalize'])
        self.encoder = self.layers(tensors, 'encoder')
        self.decoder = self.layers(tensors, 'decoder')
        hidden = [int(n) for n in re.findall(r'\d+', settings['hidden'])]
        sizes = [len(weight) for weight, _ in self.encoder]
        if sizes != hidden + [int(settings['bottleneck'])]:
            raise Broken(f"the encoder's sizes are {sizes}; the recipe says {hidden} and {settings['bottleneck']}")
        if [len(weight) for weight, _ in self.decoder][:-1] != hidden[::-1]:
            raise Broken("the decoder's hidden sizes are not the encoder's in reverse")
        if len(tensors) != 2 * (len(self.encoder) + len(self.decoder)):
            raise Broken(f'tensors that belong to no layer, of {sorted(tensors)}')

    @staticmethod
    def layers(tensors, part):
        found = []
        while f'{part}.{2 * len(found)}.weight' in tensors:
            shape, values = tensors[f'{part}.{2 * len(found)}.weight']
            bias_shape, bias = tensors[f'{part}.{2 * len(found)}.bias']
            if len(shape) != 2 or bias_shape != shape[:1] or (found and shape[1] != len(found[-1][0])):
                raise Broken(f'{part}.{2 * len(found)}: weight {shape}, bias {bias_shape}')
            found.append(([values[row * shape[1]:(row + 1) * shape[1]] for row in range(shape[0])], bias))
        if not found:
            raise Broken(f"no tensor '{part}.0.weight'")
        return found

    def stack(self, layers, x):
        for i, (weight, bias) in enumerate(layers):
            x = [math.fsum(w * v for w, v in zip(row, x)) + b for row, b in zip(weight, bias)]
            if i + 1 < len(layers):
                x = [self.activation(u) for u in x]
        return x

    def run(self, x):
        """(latent, output) of one input row."""
        z = self.stack(self.encoder, x)
        if self.normalize:
            length = max(math.sqrt(math.fsum(u * u for u in z)), 1e-12)
            z = [u / length for u in z]
        return z, [self.output(u) for u in self.stack(self.decoder, z)]

    def sizes(self):
        return len(self.encoder[0][0][0]), len(self.encoder[-1][0]), len(self.decoder[-1][0])


def load_model(path):
    tensors, metadata = read_safetensors(path)
    for key in ('recipe', 'seed', 'version'):
        if key not in metadata:
            raise Broken(f"{path}: no metadata '{key}'")
    return Autoencoder(tensors, model_settings(metadata['recipe'])), metadata


def latents_csv(text, sizes):
    """Rows of (inputs, latents, outputs) from the CSV that `kedge latents` prints."""
    rows = list(csv.reader(io.StringIO(text)))
    if len(rows) < 2 or any(len(row) != sum(sizes) for row in rows):
        raise Broken(f'the CSV has no rows of {sizes[0]} inputs, {sizes[1]} latents and {sizes[2]} outputs')
    return split([[float(cell) for cell in row] for row in rows[1:]], sizes)


def latents_npy(raw, sizes):
    shape, values = read_npy(raw, 'kedge latents')
    if len(shape) != 2 or shape[1] != sum(sizes):
        raise Broken(f'the npy file has shape {shape}; expected [points, {sum(sizes)}]')
    return split([values[i * shape[1]:(i + 1) * shape[1]] for i in range(shape[0])], sizes)


def split(rows, sizes):
    a, b = sizes[0], sizes[0] + sizes[1]
    return [(row[:a], row[a:b], row[b:]) for row in rows]


def largest_difference(have, want):
    """Infinite where one is not a number: no bound must hold then."""
    differences = [abs(a - b) for a, b in zip(have, want)]
    return math.inf if any(map(math.isnan, differences)) else max(differences)


def worst(model, rows):
    """The largest difference between a printed and a computed latent or output."""
    found = 0.0
    for x, z, y in rows:
        z_want, y_want = model.run(x)
        found = max(found, largest_difference([*z, *y], [*z_want, *y_want]))
    return found


class Report:
    """TAP lines, counted."""

    def __init__(self):
        self.count = self.failed = 0

    def check(self, good, what):
        self.count += 1
        self.failed += not good
        print(f"{'ok' if good else 'not ok'} {self.count} - {what}")


def kedge_latents(kedge, path, form):
    return subprocess.run([kedge, 'latents', str(path), '--format', form], check=True, capture_output=True).stdout


def check_records(report, folder, model, final):
    """latents.npy [records, points, K] with latents-steps.npy; the last record is the finished model's."""
    path, steps_path = folder / 'latents.npy', folder / 'latents-steps.npy'
    if not path.exists():
        return
    shape, values = read_npy(path.read_bytes(), path)
    steps_shape, steps = read_npy(steps_path.read_bytes(), steps_path)
    k = model.sizes()[1]
    good = len(shape) == 3 and shape[2] == k and steps_shape == shape[:1] and list(steps) == sorted(set(steps))
    report.check(good, f'{path}: shape {shape}, steps {steps_shape}, rising')
    if not good:
        return
    last, want = values[(shape[0] - 1) * shape[1] * k:], [v for _, z, _ in final for v in z]
    difference = largest_difference(last, want) if len(last) == len(want) else math.inf
    report.check(difference <= BOUND, f'{path}: last record differs from the model by {difference:.1e}')


def check_ledger(report, folder):
    """ledger.csv: the steps of metrics.csv, parts active where those have values, cosines that can be."""
    path = folder / 'ledger.csv'
    if not path.exists():
        return
    (head, *rows), (names, *metrics) = (list(csv.reader(open(folder / name, encoding='utf-8', newline='')))
                                        for name in ('ledger.csv', 'metrics.csv'))
    parts = names[names.index('recon') + 1:]
    expected = ['step', 'norm_task', *(f'norm_{name}' for name in parts)]
    good = head[:len(expected)] == expected and [row[0] for row in rows] == [row[0] for row in metrics]
    report.check(good and all(len(row) == len(head) for row in rows), f'{path}: columns and steps')
    active = all(bool(row[2 + i]) == bool(values[len(names) - len(parts) + i])
                 for row, values in zip(rows, metrics) for i in range(len(parts)))
    report.check(active, f'{path}: a part has a norm where it has a loss')
    for start, low, high in (('norm_', 0, math.inf), ('pull_', 0, math.inf), ('cos_', -1, 1), ('shared_', -1, 1),
                             ('ratio_', 0, 1)):
        cells = [float(row[i]) for row in rows for i, name in enumerate(head) if name.startswith(start) and row[i]]
        report.check(all(low - 1e-6 <= cell <= high + 1e-6 for cell in cells), f'{path}: {len(cells)} of {start}')


def check_model(report, path, kedge):
    model, metadata = load_model(path)
    if path.parent.name.startswith('seed-'):
        report.check(metadata['seed'] == path.parent.name[5:], f"{path}: seed '{metadata['seed']}'")
    rows = latents_csv(kedge_latents(kedge, path, 'csv').decode(), model.sizes())
    difference = worst(model, rows)
    report.check(difference <= BOUND, f'{path}: {len(rows)} points as csv differ by {difference:.1e}')
    rows = latents_npy(kedge_latents(kedge, path, 'npy'), model.sizes())
    difference = worst(model, rows)
    report.check(difference <= BOUND, f'{path}: {len(rows)} points as npy differ by {difference:.1e}')
    check_records(report, path.parent, model, rows)
    check_ledger(report, path.parent)


def check_runs(report, kedge, runs):
    for run in runs:
        paths = sorted(Path(run).glob('seed-*/model.safetensors'))
        report.check(bool(paths), f'{run}: {len(paths)} models')
        for path in paths:
            try:
                check_model(report, path, kedge)
            except (Broken, OSError, ValueError, KeyError, subprocess.CalledProcessError) as error:
                report.check(False, f'{path}: {type(error).__name__}: {error}')


# --- the self-test -------------------------------------------------------------------------------------------

RECIPES = {  # how it is written, and what it means
    'flow': 'title: t\nmodel: {kind: autoencoder, hidden: [2], bottleneck: 2, normalize: true, activation: gelu, '
            'output: linear}\nterms: {}\n',
    'block': 'model:\n  kind: autoencoder\n  hidden: [2]\n  bottleneck: 2\n  normalize: true # unit length\n'
             '  activation: gelu\n  output: linear\ndata:\n  output: sigmoid\n',
    'sequence': 'model:\n  hidden:\n    - 2\n  bottleneck: 2\n  normalize: true\n  activation: "gelu"\n'
                '  output: linear\n',
}
TENSORS = {  # x -> (x0, x1) -> gelu -> identity -> unit -> identity -> gelu -> sum
    'encoder.0.weight': ([2, 3], [1, 0, 0, 0, 1, 0]), 'encoder.0.bias': ([2], [0, 0]),
    'encoder.2.weight': ([2, 2], [1, 0, 0, 1]), 'encoder.2.bias': ([2], [0, 0]),
    'decoder.0.weight': ([2, 2], [1, 0, 0, 1]), 'decoder.0.bias': ([2], [0, 0]),
    'decoder.2.weight': ([1, 2], [1, 1]), 'decoder.2.bias': ([1], [0.5]),
}


def safetensors_bytes(tensors, metadata, shorten=0):
    header, data = {'__metadata__': metadata}, b''
    for name, (shape, values) in tensors.items():
        raw = struct.pack(f'<{len(values)}f', *values)
        header[name] = {'dtype': 'F32', 'shape': shape, 'data_offsets': [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return struct.pack('<Q', len(text)) + text + data[:len(data) - shorten]


def npy_bytes(shape, values):
    header = repr({'descr': '<f4', 'fortran_order': False, 'shape': tuple(shape)}).encode()
    header += b' ' * (63 - (10 + len(header)) % 64) + b'\n'
    return b'\x93NUMPY\x01\x00' + struct.pack('<H', len(header)) + header + struct.pack(f'<{len(values)}f', *values)


def raises(call, *arguments):
    try:
        call(*arguments)
    except Broken:
        return True
    return False


def self_test(report):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'model.safetensors'
        for name, recipe in RECIPES.items():
            path.write_bytes(safetensors_bytes(TENSORS, {'recipe': recipe, 'seed': '3', 'version': '0'}))
            model, metadata = load_model(path)
            # gelu(1) = 0.841344746..., gelu(0) = 0, so the latent is (1, 0) and the output gelu(1) + 0.5.
            latent, output = model.run([1.0, 0.0, 7.0])
            report.check(metadata['seed'] == '3' and latent == [1.0, 0.0], f'{name} recipe: the latent by hand')
            report.check(abs(output[0] - 1.3413447460685429) < 1e-15, f'{name} recipe: the output by hand')
        report.check(model.activation(-1.0) + 0.15865525393145707 < 1e-15, 'gelu(-1) by hand')
        row = [1.0, 0.0, 7.0, 1.0, 0.0, 1.34134475]
        text = 'r,g,b,z0,z1,y0\n' + ','.join(map(str, row)) + '\n'
        report.check(worst(model, latents_csv(text, model.sizes())) < 1e-7, 'csv rows are compared')
        report.check(worst(model, latents_npy(npy_bytes([1, 6], row), model.sizes())) < 1e-6, 'npy rows are compared')
        row[3] = 1.0001
        report.check(worst(model, split([row], model.sizes())) > BOUND, 'a wrong latent is seen')
        row[3] = math.nan
        report.check(not worst(model, split([row], model.sizes())) <= BOUND, 'a NaN is seen')
        meta = {'recipe': RECIPES['flow'], 'seed': '3', 'version': '0'}
        path.write_bytes(safetensors_bytes(TENSORS, meta, shorten=4))
        report.check(raises(read_safetensors, path), 'a truncated model is refused')
        lying = dict(TENSORS, **{'encoder.0.bias': ([3], [0, 0])})
        path.write_bytes(safetensors_bytes(lying, meta))
        report.check(raises(read_safetensors, path), 'a lying shape is refused')
        extra = dict(TENSORS, extra=([1], [0]))
        path.write_bytes(safetensors_bytes(extra, meta))
        report.check(raises(load_model, path), 'a tensor of no layer is refused')
        path.write_bytes(safetensors_bytes(TENSORS, dict(meta, recipe=RECIPES['flow'].replace('[2]', '[2, 2]'))))
        report.check(raises(load_model, path), 'sizes that differ from the recipe are refused')
        report.check(raises(read_npy, npy_bytes([1, 6], row)[:-1], 'x'), 'a truncated npy file is refused')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--self-test', action='store_true')
    parser.add_argument('--kedge', help='the kedge binary')
    parser.add_argument('runs', nargs='*', metavar='RUN-DIRECTORY')
    arguments = parser.parse_args()
    report = Report()
    if arguments.self_test:
        self_test(report)
    elif arguments.kedge and arguments.runs:
        check_runs(report, arguments.kedge, arguments.runs)
    else:
        parser.error('give --self-test, or --kedge BINARY and at least one run directory')
    print(f'1..{report.count}')
    return 1 if report.failed else 0


if __name__ == '__main__':
    sys.exit(main())
