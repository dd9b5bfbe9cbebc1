// The drafting page: the editor in the place of the text area, and around it
// what the server says of the text. Without this script the page is a form.
import { EditorState, Prec } from '@codemirror/state';
import { EditorView, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter, drawSelection, dropCursor, rectangularSelection, highlightSpecialChars } from '@codemirror/view';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, foldGutter, foldKeymap } from '@codemirror/language';
import { closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { search, searchKeymap, highlightSelectionMatches } from '@codemirror/search';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { markdown, markdownKeymap, markdownLanguage } from '@codemirror/lang-markdown';
import { ask, el, page, root, say, time, Refused } from './page.js';
import { highlight, theme } from './highlight.js';
import { completion, reference, takeTerm } from './complete.js';
import { bar, keys } from './snippets.js';
import { Keeper, mark, orphans } from './keep.js';
import { Looker } from './look.js';
import { sync } from './sync.js';
import { choose, onTrouble, paste, place } from './figures.js';
import { compare, resolve } from './meet.js';
import { present } from './present.js';
import { convert } from './paste.js';
import * as store from './store.js';

// zh gives the editor's own words in the reader's language.
const phrases = () => {
  try { return EditorState.phrases.of(JSON.parse(say('editor.phrases'))); } catch { return []; }
};

function start() {
  const area = document.getElementById('source'), first = area.defaultValue.replace(/\r\n?/g, '\n');
  root.classList.add('live');
  document.body.classList.add('dr-live');
  let keeper, looker, people, view;

  const changed = EditorView.updateListener.of((u) => {
    if (u.docChanged) { keeper.changed(); looker.changed(u.changes); }
    if (u.docChanged || u.selectionSet) where();
  });
  const where = () => {
    const head = view.state.selection.main.head, line = view.state.doc.lineAt(head), here = looker?.mark(head);
    document.getElementById('dr-where').textContent = say('editor.where', here ? `${here.number || ''} ${here.title || ''}`.trim() || say('editor.untitled') : say('editor.front'), line.number, head - line.from + 1);
    if (here) people?.at(here.id);
  };
  const submit = () => { submitDialog(); return true; };
  view = new EditorView({
    parent: document.getElementById('dr-editor'),
    state: EditorState.create({
      doc: first,
      extensions: [
        page.nonce ? EditorView.cspNonce.of(page.nonce) : [], phrases(),
        lineNumbers(), lintGutter(), foldGutter(), highlightSpecialChars(), history(), drawSelection(), dropCursor(), rectangularSelection(),
        EditorState.allowMultipleSelections.of(true), bracketMatching(), closeBrackets(), highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(),
        search({ top: true }), completion, EditorView.lineWrapping, markdown({ base: markdownLanguage, addKeymap: false, completeHTMLTags: false }), highlight, theme,
        EditorView.contentAttributes.of({ 'aria-label': say('editor.text'), spellcheck: 'false', lang: 'zh-CN' }),
        Prec.high(keymap.of([
          { key: 'Mod-s', run: () => { keeper.now(); return true; }, preventDefault: true },
          { key: 'Mod-Enter', run: submit, preventDefault: true }, { key: 'Mod-k', run: reference, preventDefault: true },
          { key: 'Mod-Shift-m', run: () => looker.toProblems(), preventDefault: true },
          { key: 'Mod-Shift-v', run: () => { view.pastePlain = true; setTimeout(() => { view.pastePlain = false; }, 500); return false; } },
          ...keys, takeTerm,
        ])),
        keymap.of([...closeBracketsKeymap, ...completionKeymap, ...markdownKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, ...defaultKeymap]),
        EditorView.domEventHandlers({
          paste: (e, v) => { if (e.clipboardData && paste(v, e.clipboardData)) { e.preventDefault(); return true; } return false; },
          drop: (e, v) => {
            if (!e.dataTransfer?.files.length) return false;
            e.preventDefault();
            place(v, [...e.dataTransfer.files], v.posAtCoords({ x: e.clientX, y: e.clientY }) ?? undefined);
            return true;
          },
        }), changed,
      ],
    }),
  });
  area.disabled = true; // the editor holds the text now
  view.scrollDOM.tabIndex = 0; // so that keys scroll it

  // ---- saving ----
  const text = () => view.state.doc.toString();
  const set = (source) => { if (source !== text()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: source }, userEvent: 'input.restore', scrollIntoView: true }); };
  keeper = new Keeper({
    version: Number(page.version), source: first, text,
    // met: another window or machine has saved another text meanwhile.
    met: (copy) => offer(say('editor.met.window', time(copy.saved)), [
      [say('editor.compare'), async () => {
        const chosen = await compare({ title: say('editor.compare'), left: copy.source, right: text(), leftName: say('editor.side.server', time(copy.saved)), rightName: say('editor.side.here') });
        if (chosen === null) return false;
        set(chosen);
        await keeper.resume(copy.version, copy.source);
        return true;
      }],
      [say('editor.keep.mine'), async () => { await keeper.resume(copy.version, copy.source); return true; }],
      [say('editor.keep.server'), async () => { set(copy.source); await keeper.resume(copy.version, copy.source); return true; }],
    ]),
  });
  looker = new Looker(view, { newer: (version) => catchUp(version), looked: () => where() });

  // catchUp takes what another window saved, where nothing was typed here since.
  async function catchUp(version) {
    if (version === keeper.version || keeper.dirty || keeper.sending || keeper.stopped) return;
    try {
      const copy = await ask('/copy');
      if (copy.version === keeper.version || keeper.dirty || keeper.sending) return;
      Object.assign(keeper, { version: copy.version, kept: copy.source });
      set(copy.source);
      keeper.clean();
    } catch { /* the next look tells again */ }
  }
  document.addEventListener('visibilitychange', () => { if (!document.hidden) looker.look(); });
  addEventListener('pageshow', (e) => { if (e.persisted) looker.look(); });

  // ---- what was left behind in this browser ----
  async function restore() {
    for (const e of await orphans()) {
      if (e.source === first) { store.forget(e.key); continue; }
      if (e.source === text()) { store.forget(e.key); continue; }
      // What this browser holds goes on from what the server has: it is put in
      // place. Else somebody chooses.
      const on = e.version === Number(page.version) || (e.sent || []).includes(mark(first));
      if (on && text() === first) {
        set(e.source);
        await keeper.now();
        offer(say('editor.restored', time(e.at)), [
          [say('editor.compare'), async () => pick(first, text(), e)],
          [say('editor.keep.server'), async () => { set(first); await keeper.now(); store.forget(e.key); return true; }],
          [say('editor.fine'), async () => { store.forget(e.key); return true; }],
        ]);
        continue;
      }
      offer(say('editor.found', time(e.at)), [
        [say('editor.compare'), async () => pick(text(), e.source, e)],
        [say('editor.keep.mine'), async () => { set(e.source); await keeper.now(); store.forget(e.key); return true; }],
        [say('editor.discard'), async () => { store.forget(e.key); return true; }],
      ]);
    }
  }
  async function pick(left, right, e) {
    const chosen = await compare({ title: say('editor.compare'), left, right, leftName: say('editor.side.server', ''), rightName: say('editor.side.kept', time(e.at)) });
    if (chosen === null) return false;
    set(chosen);
    await keeper.now();
    store.forget(e.key);
    return true;
  }

  // offer says something above the editor with what can be done about it; it
  // stays until one of these was done.
  function offer(words, acts) {
    const box = el('p', { class: 'remark offer', role: 'status' }, words, ' ');
    for (const [name, act] of acts) box.append(el('button', { type: 'button', class: 'small', onclick: async () => { if (await act()) { box.remove(); view.focus(); } } }, name), ' ');
    document.getElementById('dr-offers').append(box);
    return box;
  }
  onTrouble((words) => { const b = offer(words, [[say('editor.fine'), async () => true]]); b.classList.add('trouble'); });

  // ---- submitting ----
  async function submitDialog() {
    await keeper.now();
    const message = el('textarea', { name: 'message', rows: 3, required: true, id: 'dr-message', placeholder: say('editor.submit.hint') });
    message.value = keeper.message || '';
    const bad = el('p', { class: 'problem', role: 'alert', hidden: true });
    const errors = looker.findings.filter((f) => f.severity === 'error' && !f.waived).length;
    const button = el('button', { class: 'primary' }, say('editor.submit'));
    const dialog = el('dialog', { class: 'dr-dialog', 'aria-label': say('editor.submit'), onclose: () => { keeper.message = message.value; dialog.remove(); view.focus(); } },
      el('form', {
        method: 'dialog', onsubmit: async (e) => {
          e.preventDefault();
          button.disabled = true;
          keeper.message = message.value;
          const went = await send(message.value);
          button.disabled = false;
          if (went === true) dialog.close(); else { bad.textContent = went; bad.hidden = false; }
        },
      }, el('h2', {}, say('editor.submit')), errors ? el('p', { class: 'remark' }, say('editor.submit.errors', errors)) : null,
      el('label', { for: 'dr-message' }, say('editor.submit.message')), message, bad,
      el('div', { class: 'actions' }, button, el('button', { type: 'button', onclick: () => dialog.close() }, say('editor.cancel')))));
    document.body.append(dialog);
    dialog.showModal();
    message.addEventListener('keydown', (e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); dialog.querySelector('form').requestSubmit(); } });
    message.focus();
  }

  // send submits; true: it went, or the merge view took over; else what to say.
  async function send(message) {
    if (!(await keeper.now())) return say('editor.submit.unsaved');
    try {
      const done = await ask('/submit', { version: keeper.version, message });
      keeper.stopped = true;
      keeper.clean();
      if (!done.others?.length) { location.assign(done.to); return true; }
      const dialog = el('dialog', { class: 'dr-dialog', 'aria-label': say('editor.submitted'), onclose: () => location.assign(done.to) },
        el('h2', {}, say('editor.submitted')), el('p', {}, say('editor.submitted.with', done.by, done.current)),
        el('ul', { class: 'dr-others' }, ...done.others.map((o) => el('li', {}, o))),
        el('div', { class: 'actions' }, el('button', { type: 'button', class: 'primary', onclick: () => dialog.close() }, say('editor.submitted.see'))));
      document.body.append(dialog);
      dialog.showModal();
      return true;
    } catch (e) {
      if (!(e instanceof Refused)) return say('editor.submit.offline');
      if (e.status === 401) return say('editor.state.expired');
      if (e.status === 409 && e.body.conflicts) { merge(e.body, message); return true; }
      return e.message;
    }
  }

  async function merge(met, message) {
    keeper.message = message;
    const chosen = await resolve({
      conflicts: met.conflicts, base: say('editor.met.base', met.base), theirs: say('editor.met.theirs.by', met.by, met.current), mine: say('editor.met.mine.by', met.me), others: met.others,
    });
    if (!chosen) return;
    try {
      const done = await ask('/settle', { version: keeper.version, current: met.current, chosen });
      set(done.source);
      Object.assign(keeper, { version: done.version, kept: done.source });
      keeper.clean();
      document.getElementById('dr-base').textContent = say('editor.base', done.base);
      submitDialog();
    } catch (e) { offer(e.message || say('editor.submit.offline'), [[say('editor.fine'), async () => true]]); }
  }
  document.getElementById('dr-submit').addEventListener('click', submit);
  document.getElementById('dr-save').addEventListener('click', () => keeper.now());

  // ---- around it ----
  bar(view, { reference, figure: choose });
  sync(view, document.getElementById('dr-preview-text'));
  people = present({ here: (list) => looker.here(list), name: (id) => { const o = looker.outline.find((x) => x.id === id); return o ? `${o.number || ''} ${o.title || ''}`.trim() : ''; }, newer: (words) => { document.querySelector('.dr-newer')?.remove(); offer(words, [[say('editor.fine'), async () => true]]).classList.add('dr-newer'); } });
  tabs();
  where();
  restore();
  view.focus();
  // For the tests, which drive a real browser.
  root.editor = { view, keeper, looker, convert };
}

// tabs: on a narrow screen one pane is shown at a time.
function tabs() {
  const list = [...document.querySelectorAll('#dr-tabs button')];
  const show = (name) => {
    root.dataset.tab = name;
    for (const b of list) { b.setAttribute('aria-selected', String(b.dataset.tab === name)); b.tabIndex = b.dataset.tab === name ? 0 : -1; }
  };
  list.forEach((b, i) => {
    b.addEventListener('click', () => show(b.dataset.tab));
    b.addEventListener('keydown', (e) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1 }[e.key];
      if (to === undefined) return;
      const next = list[(to + list.length) % list.length];
      show(next.dataset.tab);
      next.focus();
    });
  });
  document.addEventListener('dr:show', (e) => show(e.detail));
  show('edit');
}

if (root) start();
