// store.ts - state that parts of the page share, and one animation frame for all that changes at once.

/** Calls its tasks at most once per animation frame, and only if something asked for it. */
export class Frames {
  count = 0;
  private asked = false;
  private readonly tasks: ((now: number) => void)[] = [];

  add(task: (now: number) => void): void {
    this.tasks.push(task);
  }

  ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame((now) => {
      this.asked = false;
      this.count++;
      for (const task of this.tasks) task(now);
    });
  }
}

export class Store<T extends object> {
  private changed = new Set<keyof T>();
  private readonly listeners: { keys: (keyof T)[]; run: () => void }[] = [];

  constructor(readonly state: T, private readonly frames: Frames) {
    frames.add(() => this.flush());
  }

  /** Takes what differs; listeners hear of it in the next animation frame. */
  set(patch: Partial<T>): void {
    for (const key of Object.keys(patch) as (keyof T)[]) {
      if (Object.is(this.state[key], patch[key])) continue;
      this.state[key] = patch[key] as T[keyof T];
      this.changed.add(key);
    }
    if (this.changed.size) this.frames.ask();
  }

  /** Says that what a key holds was changed in place. */
  touch(key: keyof T): void {
    this.changed.add(key);
    this.frames.ask();
  }

  /** 'run' is called after any of 'keys' has changed, and once now. */
  on(keys: (keyof T)[], run: () => void): void {
    this.listeners.push({ keys, run });
    run();
  }

  private flush(): void {
    if (!this.changed.size) return;
    const changed = this.changed;
    this.changed = new Set();
    for (const { keys, run } of this.listeners) if (keys.some((key) => changed.has(key))) run();
  }
}
