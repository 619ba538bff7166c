"""measure_view.py KEDGE SOURCE [STEPS] - what being looked at costs a run, and how many frames a browser gets.

Trains experiment 2.4.1 at full speed for STEPS steps (2,000,000), with nobody looking and with four listeners of which one
never reads, in turn. Counted is the time that the training thread computes or waits for others of its process, not what
it waits for a processor, so that a busy machine changes little. Not a test: its numbers are a machine's.
"""
import statistics
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'cli'))
from support import Bench  # noqa: E402
from view_client import Frame, Listener, View  # noqa: E402

TRIALS = 5


def follow(listener, times):
    """Reads until the run is done; appends when frames came."""
    while True:
        message = listener.next()
        if isinstance(message, Frame):
            times.append(time.monotonic())
        elif isinstance(message, dict) and message['done']:
            return


def threads_of(process):
    """{thread: (seconds computed, seconds waited for a processor)}."""
    found = {}
    for task in Path(f'/proc/{process.pid}/task').iterdir():
        ran, waited, _ = (task / 'schedstat').read_text().split()
        found[task.name] = (int(ran) * 1e-9, int(waited) * 1e-9)
    return found


def train(view, listeners):
    """(seconds of the training thread, when each listener got its frames)."""
    times = [[] for _ in listeners]
    threads = [threading.Thread(target=follow, args=pair) for pair in zip(listeners, times)]
    for thread in threads:
        thread.start()
    before = threads_of(view.process)
    began = ended = time.monotonic()
    view.command(do='resume')
    last = 0.0
    while time.monotonic() - ended < 0.5 or last == 0.0:
        time.sleep(0.01)
        now = threads_of(view.process)
        trainer = max(now, key=lambda name: now[name][0] - before[name][0])
        ran = now[trainer][0] - before[trainer][0]
        if ran > last + 0.002:
            last, ended, waited = ran, time.monotonic(), now[trainer][1] - before[trainer][1]
    for thread in threads:
        thread.join()
    return ended - began - waited, times


def trial(bench, n_listeners, *arguments):
    with View(bench, 'red', '--paused', *arguments) as view:
        stalled = [Listener(view, receive_buffer=4096)] if n_listeners else []
        readers = [Listener(view) for _ in range(n_listeners - len(stalled))]
        result = train(view, readers)
        for listener in stalled + readers:
            listener.socket.close()
    return result


def rates(times):
    return [(len(one) - 1) / (one[-1] - one[0]) for one in times if len(one) > 1]


def main():
    steps = int(sys.argv[3]) if len(sys.argv) > 3 else 2000000
    long = ['--set', f'steps={steps}', '--set', 'hold=1499']
    with Bench(*sys.argv[1:3]) as bench:
        alone, watched, frames = [], [], []
        for _ in range(TRIALS):
            alone.append(trial(bench, 0, *long)[0])
            took, times = trial(bench, 4, *long)
            watched.append(took)
            frames += rates(times)
        one, four = statistics.median(alone), statistics.median(watched)
        print(f'{steps} steps: {one:.3f} s unseen, {four:.3f} s with four listeners, one of them stalled: '
              f'{100 * (four / one - 1):+.1f}%')
        print(f'frames a second at full speed: {min(frames):.1f} to {max(frames):.1f}')
        _, times = trial(bench, 4, '--pace', '300')
        print('frames a second at 300 steps a second: ' + ', '.join(f'{rate:.1f}' for rate in rates(times)))


if __name__ == '__main__':
    main()
