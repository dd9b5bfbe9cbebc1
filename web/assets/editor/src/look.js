// What the server says of the text as it is typed: findings, outline, numbers
// and the preview, clause by clause. An answer that comes late is still put in
// its place; one that another has overtaken is dropped.
import { ChangeSet } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { setDiagnostics } from '@codemirror/lint';
import { ask, el, say, Refused } from './page.js';
import { setNumbers } from './highlight.js';
import { hold } from './complete.js';

const PAUSE = 150; // ms after the last key

export class Looker {
  constructor(view, { newer, looked }) {
    Object.assign(this, { view, newer, looked, busy: false, changes: null, html: new Map(), outline: [], findings: [], fails: 0 });
    this.preview = document.getElementById('dr-preview-text');
    this.tree = document.getElementById('dr-outline-list');
    this.problems = document.getElementById('dr-problem-list');
    this.problems.addEventListener('keydown', (e) => this.walk(e));
    this.filter = 'all';
    this.people = [];
    this.preview.addEventListener('click', (e) => this.follow(e));
    this.look();
  }

  changed(changes) {
    if (this.changes) this.changes = this.changes.compose(changes);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    if (this.busy) { this.again = true; return; }
    this.busy = true;
    const { doc } = this.view.state;
    this.changes = ChangeSet.empty(doc.length);
    try {
      const said = await ask('/look', { source: doc.toString(), have: [...this.html.keys()] });
      this.fails = 0;
      this.take(said);
    } catch (e) {
      if (e instanceof Refused && e.status === 422) this.unreadable(e.body);
      else if (!(e instanceof Refused) || e.status >= 500) { clearTimeout(this.timer); this.timer = setTimeout(() => this.look(), Math.min(30000, 1000 * 2 ** this.fails++)); }
    }
    this.busy = false;
    if (this.again) { this.again = false; this.look(); }
  }

  take(said) {
    const map = (pos, side) => this.changes.mapPos(Math.min(pos, this.changes.length), side);
    this.findings = said.findings.map((f) => ({ ...f, from: map(f.from, 1), to: map(f.to, -1), fix: f.fix && { ...f.fix, edits: f.fix.edits.map((x) => ({ ...x, from: map(x.from, 1), to: map(x.to, -1) })) } }));
    this.outline = said.outline.map((o) => ({ ...o, from: map(o.from, -1) }));
    hold(this.view, said.targets, said.terms);
    const diagnostics = this.findings.filter((f) => f.placed && !f.waived).map((f) => ({
      from: Math.min(f.from, f.to), to: Math.max(f.from, f.to), severity: f.severity, message: f.message, source: f.rule,
      actions: f.fix ? [{ name: say('editor.fix'), apply: () => this.fix(f) }] : [],
    }));
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics), { effects: setNumbers.of({ of: said.numbers, at: this.outline.filter((o) => o.number && o.heading) }) });
    this.showPreview(said.clauses);
    this.showOutline();
    this.showProblems();
    this.looked();
    if (said.version) this.newer(said.version);
  }

  unreadable(body) {
    const line = Math.min(Math.max(1, body.line || 1), this.view.state.doc.lines), at = this.view.state.doc.line(line);
    this.findings = [{ rule: 'PARSE', severity: 'error', line, from: at.from, to: at.to, placed: true, message: body.reason }];
    this.view.dispatch(setDiagnostics(this.view.state, [{ from: at.from, to: at.to, severity: 'error', message: body.reason }]));
    this.showProblems();
  }

  // fix carries out what a finding proposes, as one step that can be undone.
  fix(f) {
    this.view.dispatch({ changes: f.fix.edits.map((e) => ({ from: e.from, to: e.to, insert: e.text })), userEvent: 'input.fix', scrollIntoView: true });
    this.view.focus();
    this.look();
  }

  // ---- preview ----
  showPreview(clauses) {
    const now = new Map(), old = new Map([...this.preview.children].map((s) => [s.dataset.clause, s]));
    let at = this.preview.firstElementChild;
    for (const c of clauses) {
      const markup = c.html ?? this.html.get(c.hash);
      if (markup === undefined) continue;
      now.set(c.hash, markup);
      let s = old.get(c.id);
      old.delete(c.id);
      if (!s) s = el('section', { data: { clause: c.id } });
      if (s.dataset.hash !== c.hash) { s.innerHTML = markup; s.dataset.hash = c.hash; } // the server's own HTML: it lets none of the text through
      s.className = `clause l${c.level} ${c.kind}`;
      s.dataset.line = c.line;
      if (s === at) at = at.nextElementSibling; else this.preview.insertBefore(s, at);
    }
    for (const s of old.values()) s.remove();
    this.html = now;
  }

  section(id) { return this.preview.querySelector(`[data-clause="${CSS.escape(id)}"]`); }

  follow(e) {
    const link = e.target.closest('a[href^="#"]');
    if (link) {
      e.preventDefault();
      const id = decodeURIComponent(link.getAttribute('href').slice(1));
      (this.section(id) || this.preview.querySelector('#' + CSS.escape(id)))?.scrollIntoView({ block: 'start' });
      return;
    }
    if (e.target.closest('a') || String(getSelection())) return;
    const s = e.target.closest('[data-clause]');
    if (s) this.go(Number(s.dataset.line));
  }

  go(line) {
    const at = this.view.state.doc.line(Math.min(Math.max(1, line), this.view.state.doc.lines));
    this.view.dispatch({ selection: { anchor: at.to }, effects: EditorView.scrollIntoView(at.from, { y: 'start', yMargin: 40 }) });
    document.dispatchEvent(new CustomEvent('dr:show', { detail: 'edit' }));
    this.view.focus();
  }

  // ---- outline ----
  clauseAt(pos) {
    let found = null;
    for (const o of this.outline) { if (o.from > pos) break; found = o; }
    return found;
  }

  showOutline() {
    const counts = {};
    for (const f of this.findings) if (f.clause && !f.waived) { const c = (counts[f.clause] ??= { error: 0, warning: 0, info: 0 }); c[f.severity]++; }
    const here = this.clauseAt(this.view.state.selection.main.head)?.id;
    const items = this.outline.filter((o) => o.title || o.number).map((o) => {
      const n = counts[o.id], who = this.people.filter((p) => p.clause === o.id);
      const count = n && ['error', 'warning', 'info'].filter((k) => n[k]).map((k) => el('b', { class: 'dr-count f-' + k, title: say('editor.count.' + k, n[k]) }, String(n[k])));
      return el('li', { class: 'l' + o.level, 'aria-current': o.id === here ? 'true' : null, data: { clause: o.id } },
        el('button', { type: 'button', class: 'link', onclick: () => this.go(this.view.state.doc.lineAt(Math.min(o.from, this.view.state.doc.length)).number) }, el('span', { class: 'number' }, o.number || ''), ' ', o.title || say('editor.untitled')),
        ...(count || []), ...who.map((p) => el('span', { class: 'dr-who r' + (p.region || '00'), title: say('editor.here', p.name) }, p.short || p.name.slice(0, 1))));
    });
    const focus = document.activeElement?.closest?.('#dr-outline-list li')?.dataset.clause;
    this.tree.replaceChildren(...items);
    if (focus) this.tree.querySelector(`[data-clause="${CSS.escape(focus)}"] button`)?.focus();
  }

  mark(pos) {
    const here = this.clauseAt(pos);
    if (here?.id !== this.hereID) {
      this.hereID = here?.id;
      for (const li of this.tree.children) if (li.dataset.clause === here?.id) { li.setAttribute('aria-current', 'true'); li.scrollIntoView({ block: 'nearest' }); } else li.removeAttribute('aria-current');
    }
    return here;
  }

  // ---- problems ----
  showProblems() {
    const restore = this.focused();
    const live = this.findings.filter((f) => !f.waived), waived = this.findings.length - live.length;
    const n = { error: 0, warning: 0, info: 0 };
    for (const f of live) n[f.severity]++;
    const head = document.getElementById('dr-problem-counts'), states = ['all', 'error', 'warning', 'info', ...(waived ? ['waived'] : [])];
    if (!states.includes(this.filter)) this.filter = 'all';
    head.replaceChildren(...states.map((k) => el('button', {
      type: 'button', class: 'dr-filter f-' + k, 'aria-pressed': String(this.filter === k), onclick: () => { this.filter = k; this.showProblems(); },
    }, say('editor.problems.' + k), ' ', el('b', {}, String(k === 'all' ? live.length : k === 'waived' ? waived : n[k])))));
    document.getElementById('dr-tab-count').textContent = live.length ? String(live.length) : '';
    const order = { error: 0, warning: 1, info: 2 };
    const list = this.findings.filter((f) => (this.filter === 'waived' ? f.waived : !f.waived && (this.filter === 'all' || f.severity === this.filter)))
      .map((f, i) => [f, i]).sort(([a, i], [b, j]) => order[a.severity] - order[b.severity] || i - j).map(([f]) => f);
    this.problems.replaceChildren(...list.slice(0, 500).map((f) => this.problem(f)));
    if (!list.length) this.problems.append(el('li', { class: 'quiet' }, say(live.length ? 'editor.problems.none' : 'editor.problems.clean')));
    restore();
  }

  // focused remembers which button of the problems has the keys, and gives them
  // back to it, or to its neighbour, once the list was made anew.
  focused() {
    const at = document.activeElement, li = at?.closest('#dr-problem-list > li'), head = at?.closest('#dr-problem-counts');
    if (head) { const i = [...head.children].indexOf(at); return () => (head.children[i] || head.lastElementChild).focus(); }
    if (!li) return () => {};
    const says = li.textContent, i = [...this.problems.children].indexOf(li), k = [...li.querySelectorAll('button')].indexOf(at);
    return () => {
      const now = [...this.problems.children], to = now.find((x) => x.textContent === says) || now[Math.min(i, now.length - 1)], buttons = to.querySelectorAll('button');
      (buttons[k] || buttons[0] || this.problems).focus();
    };
  }

  // toProblems gives the keys to the list of problems; walk moves them in it, and
  // Escape brings them back to the text.
  toProblems() {
    document.dispatchEvent(new CustomEvent('dr:show', { detail: 'problems' }));
    (this.problems.querySelector('button') || this.problems).focus();
    return true;
  }

  walk(e) {
    const li = e.target.closest('#dr-problem-list > li'), by = { ArrowDown: 'nextElementSibling', ArrowUp: 'previousElementSibling' }[e.key];
    if (e.key === 'Escape') { document.dispatchEvent(new CustomEvent('dr:show', { detail: 'edit' })); this.view.focus(); return; }
    if (!by || e.ctrlKey || e.altKey || e.metaKey) return;
    const to = li ? li[by] : this.problems.firstElementChild;
    if (!to) return;
    e.preventDefault();
    to.querySelector('button')?.focus();
  }

  problem(f) {
    const at = f.line ? this.view.state.doc.lineAt(Math.min(f.placed ? f.from : this.view.state.doc.line(Math.min(f.line, this.view.state.doc.lines)).from, this.view.state.doc.length)) : null;
    const number = f.clause && this.outline.find((o) => o.id === f.clause)?.number;
    return el('li', { class: 'f-' + f.severity },
      at ? el('button', { type: 'button', class: 'link at', onclick: () => { this.go(at.number); if (f.placed) this.view.dispatch({ selection: { anchor: f.from, head: f.to } }); } }, number || say('editor.line', at.number)) : el('span', { class: 'at' }, '—'),
      el('b', {}, say('severity.' + f.severity)),
      el('span', {}, f.message, ' ', el('code', {}, f.rule), f.waived ? el('em', {}, ' ', say('editor.waived', f.waived.by, f.waived.reason)) : null),
      el('span', { class: 'dr-acts' },
        f.fix ? el('button', { type: 'button', class: 'small', title: f.fix.label, onclick: () => this.fix(f) }, say('editor.fix')) : null,
        f.waive && !f.waived ? el('button', { type: 'button', class: 'small', onclick: () => this.waive(f) }, say('editor.waive')) : null,
        f.waived?.drop ? el('button', { type: 'button', class: 'small', onclick: () => this.unwaive(f) }, say('editor.unwaive')) : null));
  }

  // waive asks for the reason and keeps it: the finding stays, marked.
  waive(f) {
    const reason = el('textarea', { name: 'reason', required: true, rows: 3, id: 'dr-waive-reason' });
    const bad = el('p', { class: 'problem', role: 'alert', hidden: true });
    const dialog = el('dialog', { class: 'dr-dialog', onclose: () => { dialog.remove(); this.view.focus(); } },
      el('form', {
        method: 'dialog', onsubmit: async (e) => {
          e.preventDefault();
          try { await ask('/waive', { finding: f.waive, reason: reason.value }); dialog.close(); this.look(); } catch (err) { bad.textContent = err.message; bad.hidden = false; }
        },
      }, el('h2', {}, say('editor.waive')), el('p', {}, f.message, ' ', el('code', {}, f.rule)),
      el('label', { for: 'dr-waive-reason' }, say('editor.waive.reason')), reason, bad,
      el('div', { class: 'actions' }, el('button', { class: 'primary' }, say('editor.waive')), el('button', { type: 'button', onclick: () => dialog.close() }, say('editor.cancel')))));
    document.body.append(dialog);
    dialog.showModal();
  }

  async unwaive(f) {
    try { await ask('/waive', { drop: f.waived.drop }); } catch { /* the next look says what stands */ }
    this.look();
  }

  here(people) { this.people = people; this.showOutline(); }
}
