// report.ts - the page of one run or several: viewer, steps, interventions, and all that is known beside them.

import type { PageData } from './data';
import { h, replaceChildren } from './base/dom';
import { expose } from './api';
import { App } from './app';
import { LivePanel } from './live/panel';
import { Stream } from './live/stream';
import { EditPanel } from './parts/edit_panel';
import { tabs } from './parts/fields';
import { masthead } from './parts/masthead';
import { Patches } from './parts/patches';
import { PointPanel } from './parts/point_panel';
import { figuresSection, foot, Glossary, Headline, Plans, Recipe, seedsSection } from './parts/summary';
import { Timeline } from './parts/timeline';
import { ViewPanel } from './parts/view_panel';
import { Viewer } from './view/viewer';

/** Keys that work wherever nothing else wants them. */
function listen(app: App, viewer: Viewer): void {
  document.addEventListener('keydown', (event) => {
    const at = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (at.closest('select, textarea, input:not([type=range]):not([type=checkbox]), dialog')) return;
    if (event.key === ' ' && at.closest('button, summary, a, input')) return;
    if (event.key === ' ') viewer.player.toggle();
    else if (event.key === '[') viewer.player.nudge(-1);
    else if (event.key === ']') viewer.player.nudge(1);
    else if (event.key === 'e' || event.key === 'E') app.store.set({ on: !app.state.on });
    else return;
    event.preventDefault();
  });
}

export function openReport(data: PageData, page: HTMLElement): void {
  if (!data.runs.length) throw new Error('there is no run in this file');
  const app = new App(data);
  const viewer = new Viewer(app), timeline = new Timeline(app, viewer.player);
  const stream = data.kind === 'live' ? new Stream(app, timeline) : null;
  const panels = [{ name: 'View', panel: new ViewPanel(app).element },
    { name: 'Intervene', panel: new EditPanel(app).element }, { name: 'Point', panel: new PointPanel(app).element }];
  if (stream) panels.unshift({ name: 'Train', panel: new LivePanel(app, stream).element });
  const side = tabs('Controls', panels);
  let last = app.state.selected;
  app.store.on(['selected'], () => {
    if (app.state.selected >= 0 && last < 0) side.open('Point');
    last = app.state.selected;
  });
  replaceChildren(page,
    masthead(data, (theme) => app.store.set({ theme }), stream?.element ?? null, new Headline(app).element),
    h('section', { class: 'stage', 'aria-label': 'Latent space' }, viewer.element, side.element, timeline.element),
    data.runs[0].model.colour ? new Patches(app).element : null,
    new Plans(app).element, seedsSection(app), figuresSection(app), new Glossary(app).element, new Recipe(app).element,
    foot(data));
  listen(app, viewer);
  expose(app, viewer);
  stream?.open();
}
