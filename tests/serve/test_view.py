"""kedge view as its users see it: a live run, its stream and commands, finished runs, who may ask, how it ends.

Called with the program and the root of the sources; prints TAP.
"""
import base64
import hashlib
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from support import expect, expect_equal, run_tests, tests_of  # noqa: E402
from view_client import Frame, Listener, View  # noqa: E402


def live(bench, *arguments):
    return View(bench, 'red', '--pace', 400, *arguments)


def test_a_recipe_is_a_live_page(bench):
    with live(bench, '--paused') as view:
        data = view.page_data()
        expect_equal((data['kind'], len(data['runs']), data['runs'][0]['seed']), ('live', 1, 0), 'the page')
        expect_equal(view.get_json('/api/page')['runs'][0]['recipe'], data['runs'][0]['recipe'], 'api/page')
        schedule = view.get_json('/api/schedule')
        expect_equal(schedule, data['runs'][0]['schedule'], 'api/schedule')
        expect_equal(schedule['columns'][0], 'lr', 'the first column')


def test_a_listener_follows_a_run(bench):
    with live(bench, '--paused') as view, Listener(view) as listener:
        first = listener.next()
        expect_equal((first['type'], first['step'], first['paused']), ('state', 0, True), 'the first message')
        frame = listener.until_frame()
        parameters = view.get_json('/api/page')['runs'][0]['model']['parameters']
        expect_equal((frame.step, len(frame.parameters), frame.rows), (0, parameters, []), 'the first frame')
        view.command(do='resume')
        seen = []
        while not seen or seen[-1] < 100:
            frame = listener.until_frame()
            seen += [step for step, _ in frame.rows]
        expect_equal(seen, list(range(len(seen))), 'every step has its row')
        terms = sum(control['kind'] == 'weight' for control in first['controls'])
        expect(frame.rows and all(len(values) == 2 + 2 * terms for _, values in frame.rows), 'lr, weights, losses')


def test_who_comes_later_misses_nothing(bench):
    with live(bench) as view:
        with Listener(view) as early:
            early.until_frame(lambda frame: frame.step > 150)
        with Listener(view) as late:
            frame = late.until_frame()
            expect_equal([step for step, _ in frame.rows], list(range(frame.step)), 'the rows of a late listener')
        run = view.get_json('/api/page')['runs'][0]
        expect(len(run['records']['at']) > 5 and run['records']['at'][0] == 0, f"records at {run['records']['at']}")
        expect(len(run['losses']['at']) >= 150, 'the curves so far')


def test_a_session_is_steered(bench):
    with live(bench, '--paused') as view, Listener(view) as listener:
        expect_equal(view.command(do='step', steps=5), (200, {'ok': True}), 'a step')
        listener.until_state(step=5, paused=True)
        expect_equal(view.command(do='pace', value=7.5)[0], 200, 'a pace')
        listener.until_state(pace=7.5)
        expect_equal(view.command(do='set', column='lr', value=0.002, over=20, hold=False)[0], 200, 'a change')
        state = listener.until(lambda m: isinstance(m, dict) and m['changes'])
        expect_equal(state['changes'], [{'step': 5, 'column': 'lr', 'value': 0.002, 'over': 20, 'hold': False}],
                     'changes')
        at = view.get_json('/api/schedule')['at']
        expect(at[0] == 0 and at == sorted(at), 'the schedule with the change')
        expect_equal(view.command(do='restart', seed=3)[0], 200, 'a restart')
        state = listener.until_state(seed=3)
        expect_equal((state['epoch'], state['step']), (1, 0), 'after the restart')
        expect_equal(listener.until_frame(lambda frame: frame.epoch == 1).step, 0, 'the first frame of the new run')


def test_what_makes_no_sense_is_told(bench):
    with live(bench, '--paused') as view:
        for command, words in [({'do': 'explode'}, "unknown command 'explode'"), ({'do': 'step', 'steps': 0}, 'steps'),
                               ({'do': 'set', 'column': 'nothing', 'value': 1, 'over': 0, 'hold': False}, 'nothing'),
                               ({'do': 'pace', 'value': -1}, 'pace')]:
            status, answer = view.command(**command)
            expect(status == 400 and words in answer['error'], f'{command}: {status} {answer}')


def test_a_finished_live_run_can_be_repeated(bench):
    with live(bench, '--paused', '-o', 'steered', '--seed', 4) as view, Listener(view) as listener:
        view.command(do='step', steps=40)
        listener.until_state(step=40, paused=True)
        view.command(do='set', column='lr', value=0.004, over=30, hold=True)
        view.command(do='pace', value=0)
        view.command(do='resume')
        listener.until_state(done=True)
        status, said = view.end()
        expect_equal((status, said), (0, 'kedge: seed 4 is written to steered\n'), 'the end')
    bench.kedge('run', 'steered/recipe.yaml', '-q', '-o', 'again')
    have = bench.files('steered')
    expect_equal(sorted(have), sorted(bench.files('again')), 'files')
    expect_equal([name for name, data in bench.files('again').items() if have[name] != data], [], 'files that differ')


def test_only_the_scripts_of_the_page_may_run(bench):
    with live(bench, '--paused') as view:
        _, headers, body = view.ask('/')
        policy = headers['Content-Security-Policy']
        allowed = re.search(r'script-src ([^;]*);', policy).group(1).split()
        scripts = re.findall(rb'<script(?![^>]*application/json)[^>]*>(.*?)</script>', body, re.S)
        want = ["'sha256-" + base64.b64encode(hashlib.sha256(script).digest()).decode() + "'" for script in scripts]
        expect_equal(allowed, want, 'script-src')
        expect(f"connect-src 'self' ws://{view.host};" in policy and "frame-ancestors 'none'" in policy, policy)


def test_foreign_pages_get_nothing(bench):
    with live(bench, '--paused') as view:
        for headers in [{'Host': 'evil.example'}, {'Host': f'localhost.evil.example:{view.port}'},
                        {'Origin': 'http://evil.example'}, {'Origin': 'null'}]:
            for path in ['/', '/api/page', '/api/stream']:
                expect_equal(view.ask(path, headers=headers)[0], 403, f'{path} with {headers}')
            expect_equal(view.ask('/api/command', 'POST', '{"do":"resume"}',
                                  {'Content-Type': 'application/json', **headers})[0], 403, f'a command with {headers}')
        status, _, _ = view.ask('/api/command', 'POST', '{"do":"resume"}', {'Content-Type': 'text/plain'})
        expect_equal(status, 415, 'a command from a form')
        try:
            Listener(view, headers=['Origin: http://evil.example'])
            expect(False, 'a foreign page listens')
        except RuntimeError as refused:
            expect(' 403 ' in str(refused), str(refused))


def test_nothing_else_is_served(bench):
    with live(bench, '--paused') as view:
        for path in ['/index.html', '/api', '/api/', '/../red/recipe.yaml', '/%2e%2e/red/recipe.yaml', '//', '/red',
                     '/api/page/..', '/.git/config']:
            status, _, body = view.ask(path)
            expect_equal((status, body), (404, b'there is nothing here\n'), path)


def test_other_addresses_need_the_token(bench):
    with live(bench, '--paused', '--bind', '0.0.0.0') as view:
        token = view.url.split('?token=')[1]
        expect(len(token) >= 16, view.url)
        expect_equal(view.ask('/')[0], 403, 'without it')
        expect_equal(view.ask('/?token=' + 'x' * len(token))[0], 403, 'with another')
        status, headers, _ = view.ask('/?token=' + token)
        expect_equal((status, headers['Location']), (303, '/'), 'with it')
        cookie = headers['Set-Cookie']
        expect('HttpOnly' in cookie and 'SameSite=Strict' in cookie, cookie)
        expect_equal(view.ask('/', headers={'Cookie': cookie.split(';')[0]})[0], 200, 'with the cookie')
        with Listener(view, headers=['Cookie: ' + cookie.split(';')[0]]) as listener:
            expect_equal(listener.next()['type'], 'state', 'the first message')


def test_a_run_directory_is_a_list_of_seeds(bench):
    bench.kedge('run', 'red', '-q', '--seeds', '0..2', '-o', 'runs/a')
    with View(bench, 'runs/a') as view:
        data = view.page_data()
        expect_equal((data['kind'], [entry['href'] for entry in data['entries']]),
                     ('list', ['?seed=0', '?seed=1', '?seed=2']), 'the list')
        report = view.page_data('/?seed=1')
        expect_equal((report['kind'], [run['seed'] for run in report['runs']]), ('report', [1]), 'a report')
        for query in ['?seed=7', '?seed=x', '?seed=-1', '?seed=']:
            expect_equal(view.ask('/' + query)[0], 404, query)
        expect_equal(view.ask('/api/stream')[0], 404, 'a stream of a finished run')
    with View(bench, 'runs/a', '--seed', 2) as view:
        expect_equal(view.page_data()['runs'][0]['seed'], 2, 'the chosen seed')
        expect_equal(view.page_data('/?seed=all')['kind'], 'list', 'the list beside it')


def test_a_folder_is_a_list_of_runs(bench):
    bench.kedge('run', 'red', '-q', '--seeds', '0..1', '-o', 'runs/a & b')
    (bench.folder / 'runs' / 'notes.txt').write_text('not a run')
    with View(bench, 'runs') as view:
        data = view.page_data()
        expect_equal([(entry['name'], entry['href']) for entry in data['entries']], [('a & b', '?run=a%20%26%20b')],
                     'the list')
        seeds = view.page_data('/' + data['entries'][0]['href'])
        expect_equal([entry['href'] for entry in seeds['entries']],
                     ['?run=a%20%26%20b&seed=0', '?run=a%20%26%20b&seed=1'], 'its seeds')
        expect_equal(view.page_data('/' + seeds['entries'][1]['href'])['runs'][0]['seed'], 1, 'a report')
        for query in ['?run=..', '?run=../red', '?run=/etc', '?run=a', '?run=notes.txt', '?run=a%20%26%20b/seed-0']:
            expect_equal(view.ask('/' + query)[0], 404, query)


def test_a_store_is_a_list_of_runs(bench):
    bench.kedge('sweep', 'red', '-q', '--seeds', '0..1', '-o', 'two.db')
    with View(bench, 'two.db') as view:
        data = view.page_data()
        expect_equal((data['kind'], [entry['name'] for entry in data['entries']]), ('list', ['run 1', 'run 2']),
                     'the list')
        expect('score' in data['entries'][0]['values'], f"values {data['entries'][0]['values']}")


def test_a_model_file_is_a_report(bench):
    bench.kedge('run', 'red', '-q', '--seeds', '0..0', '-o', 'one')
    with View(bench, 'one/seed-0/model.safetensors') as view:
        expect_equal(view.page_data()['kind'], 'report', 'the page')


def test_a_port_in_use_is_told(bench):
    with live(bench, '--paused') as view:
        said = bench.kedge('view', 'red', '--port', view.port, status=1).stderr.decode()
        expect_equal(said, f'kedge: port {view.port} of 127.0.0.1 is in use; take another, or 0 for any free one\n',
                     'the message')


def test_a_port_in_use_costs_no_run(bench):
    bench.kedge('run', 'red', '-q', '--seeds', '0..0', '-o', 'old')
    before = bench.files('old')
    with live(bench, '--paused') as view:
        bench.kedge('view', 'red', '--set', 'optimizer.clip=1', '--pace', 0, '--port', view.port, '-o', 'old', '-f',
                    status=1)
    for wrong in [('--bind', 'nowhere'), ('--token', 'short')]:
        bench.kedge('view', 'red', '--set', 'optimizer.clip=1', '--pace', 0, *wrong, '-o', 'old', '-f', status=1)
    expect_equal(bench.files('old'), before, 'the run that was there')


def test_by_default_a_run_takes_its_time(bench):
    with View(bench, 'red', '--paused') as view, Listener(view) as listener:
        state = listener.next()
        expect_equal(state['pace'], round(state['steps'] / 20), 'the pace')
    with View(bench, 'red', '--paused', '--pace', 0) as view, Listener(view) as listener:
        expect_equal(listener.next()['pace'], 0, 'as fast as it goes')


def test_each_ending_is_told(bench):
    with View(bench, 'red', '--pace', 0, '-o', 'out') as view, Listener(view) as listener:
        listener.until_state(done=True)
        view.command(do='restart', seed=5)
        listener.until_state(seed=5, done=True)
        view.command(do='restart', seed=6)
        listener.until_state(seed=6, done=True)
        status, said = view.end()
    expect(status == 0 and said.endswith('seed 6 is written to out\n'), f'{status}: {said}')
    lines = said.splitlines()
    skipped = sum(int(line.split()[1]) - 1 for line in lines if line.endswith('runs have ended; the last:'))
    expect_equal(sum('is written' in line for line in lines) + skipped, 3, said)


def test_a_restart_with_changes_goes_elsewhere(bench):
    with View(bench, 'red', '--pace', 0, '-o', 'out') as view, Listener(view) as listener:
        listener.until_state(done=True)
        before = bench.files('out')
        view.command(do='pause')
        view.command(do='restart', seed=1)
        view.command(do='set', column='lr', value=0.002, over=20, hold=False)
        view.command(do='resume')
        expect_equal(listener.until_state(seed=1, done=True)['directory'], 'out-2', 'the directory')
        status, said = view.end()
    expect(status == 0 and said.endswith('seed 1 is written to out-2\n'), f'{status}: {said}')
    expect_equal(bench.files('out'), before, 'the first run')


def test_a_token_is_in_no_command_line(bench):
    opener = bench.folder / 'bin' / 'xdg-open'
    opener.write_text('#!/bin/sh\necho "$1" > opened\n')
    opener.chmod(0o755)
    with live(bench, '--paused', '--open', '--token', 'x' * 16) as view:
        _, said = view.end()
        expect('--open would show the token' in said and not (bench.folder / 'opened').exists(), said)
    with live(bench, '--paused', '--open') as view:
        end = time.monotonic() + 30
        while not (bench.folder / 'opened').exists() and time.monotonic() < end:
            time.sleep(0.01)
        children = Path(f'/proc/{view.process.pid}/task/{view.process.pid}/children')
        while children.exists() and children.read_text().strip() and time.monotonic() < end:
            time.sleep(0.01)
        expect(not children.exists() or not children.read_text().strip(), 'the child is not waited for')
        expect_equal((bench.folder / 'opened').read_text().strip(), view.url, 'what is opened')


def test_a_server_may_come_back_at_its_port(bench):
    with live(bench, '--paused') as view:
        port = view.port
        listener = Listener(view)
        listener.next()
    expect_equal(listener.until(lambda m: isinstance(m, tuple))[0], 8, 'a farewell')
    listener.socket.close()
    with live(bench, '--paused', '--port', port) as view:
        expect_equal(view.port, port, 'the port')


def test_what_is_nothing_is_told(bench):
    bench.kedge('view', 'nowhere', status=1)
    (bench.folder / 'empty').mkdir()
    bench.kedge('view', 'empty', status=1)
    bench.kedge('run', 'red', '-q', '--seeds', '0..0', '-o', 'one')
    said = bench.kedge('view', 'one', '--paused', status=1).stderr.decode()
    expect('is no recipe' in said, said)
    said = bench.kedge('view', 'one/seed-0/model.safetensors', '--seed', 1, status=1).stderr.decode()
    expect('a seed is one of a recipe or of a run directory' in said, said)


def test_the_end_of_an_unfinished_run_is_told(bench):
    with live(bench, '--paused') as view:
        status, said = view.end()
        expect(status == 0 and re.fullmatch(r'kedge: stopped at step 0 of \d+\n', said), f'{status}: {said}')
    with live(bench, '--paused', '-o', 'never') as view:
        status, said = view.end()
        expect(status == 1 and said.endswith('; the run is not written\n'), f'{status}: {said}')
    with live(bench, '--paused', '-o', 'steered') as view:
        view.command(do='set', column='lr', value=0.002, over=20, hold=False)
        status, said = view.end()
        words = '; the run is not written, its recipe with all changes is in steered\n'
        expect(status == 1 and said.endswith(words), f'{status}: {said}')
    expect_equal(sorted(bench.files('steered')), ['recipe.yaml', 'schedule.csv'], 'what is left')


def test_one_who_does_not_read_holds_up_nobody(bench):
    with View(bench, 'red', '--pace', 1000) as view, Listener(view, receive_buffer=4096), Listener(view) as listener:
        frames, end = 0, time.monotonic() + 1
        while time.monotonic() < end:
            frames += isinstance(listener.next(), Frame)
        expect(frames > 5, f'{frames} frames in a second')


if __name__ == '__main__':
    run_tests(tests_of(sys.modules[__name__]))
