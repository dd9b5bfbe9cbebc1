// Completion: references to what the text holds, its terms, and the numbers of
// the standards that the registry holds.
import { acceptCompletion, autocompletion, closeCompletion, completionStatus, currentCompletions, selectedCompletion, selectedCompletionIndex, setSelectedCompletion, startCompletion } from '@codemirror/autocomplete';
import { Prec } from '@codemirror/state';
import { EditorView, keymap } from '@codemirror/view';
import { ask, say } from './page.js';
import { slash } from './snippets.js';

// held is what the last look at the text found: targets and terms.
const held = { targets: [], terms: [] };

// hold takes what a look found; a list of references that stands open is made
// anew where it is no longer what the text holds.
export function hold(view, targets, terms) {
  const before = held.targets;
  Object.assign(held, { targets, terms });
  if (!referring(view.state) || !completionStatus(view.state) && !waiting?.take) return;
  const says = (list) => list.map((t) => `${t.id} ${targetName(t)}`).join('\n');
  if (says(before) === says(targets)) return;
  const chosen = selectedCompletionIndex(view.state) ? selectedCompletion(view.state).detail : '';
  startCompletion(view);
  waiting = { doc: view.state.doc, chosen, take: waiting?.take };
}

// withID writes the identity of a heading that has none yet, because what is
// referred to has to keep its name.
function withID(view, target) {
  if (target.written || !target.line) return [];
  const line = view.state.doc.line(Math.min(target.line, view.state.doc.lines));
  if (!/^#{2,7}(\s|$)/.test(line.text) || !line.text.includes(target.title || '') || /\{#/.test(line.text)) return [];
  return [{ from: line.to, insert: ` {#${target.id}}` }];
}

function references(context) {
  const before = context.matchBefore(/\[\]\(#[^)\s]*|\(#[^)\s]*/);
  if (!before) return null;
  const from = before.from + before.text.indexOf('#') + 1;
  return {
    from, validFor: /^[^)\s]*$/,
    options: held.targets.map((t) => ({
      label: `${t.number || ''} ${t.title || ''} ${t.id}`.trim(), displayLabel: targetName(t), detail: t.id,
      apply: (view, _c, f, to) => {
        t = held.targets.find((x) => x.id === t.id) || t; // its line may have moved
        const id = withID(view, t), shift = id.length && id[0].from < f ? id[0].insert.length : 0;
        const closed = view.state.sliceDoc(to, to + 1) === ')';
        view.dispatch({
          changes: [{ from: f, to, insert: t.id + (closed ? '' : ')') }, ...id],
          selection: { anchor: f + shift + t.id.length + 1 }, userEvent: 'input.complete',
        });
      },
    })),
  };
}

async function standards(context) {
  const before = context.matchBefore(/(?:GB|YZ|JT|JR|SB|WB|YY|HJ|DB\d{2}|T\/[A-Z]*)[A-Z/]*\s?[\d.]*$/);
  if (!before || (!context.explicit && before.text.length < 3)) return null;
  let list = [];
  try { list = (await ask('/numbers?q=' + encodeURIComponent(before.text))).numbers; } catch { return null; }
  if (context.aborted || !list.length) return null;
  return { from: before.from, filter: false, options: list.map((s) => ({ label: s.number, detail: s.title, info: s.status || undefined })) };
}

function terms(context) {
  const before = context.matchBefore(/[\p{Script=Han}A-Za-z]{1,8}$/u);
  if (!before || !held.terms.length) return null;
  for (let n = before.text.length; n >= (context.explicit ? 1 : 2); n--) { // the longest end of what was typed that begins a term
    const typed = before.text.slice(-n), found = held.terms.filter((t) => t.name.startsWith(typed) && t.name !== typed);
    if (found.length) return { from: context.pos - n, filter: false, options: found.slice(0, 20).map((t) => ({ label: t.name, detail: t.number, type: 'term' })) };
  }
  return null;
}

// Who ends a line with the beginning of a term means the line to end: Enter takes
// a term only where an arrow has chosen it, Tab takes the first.
const offersTerms = (view) => currentCompletions(view.state)[0]?.type === 'term';
const ends = { key: 'Enter', run: (view) => { if (offersTerms(view) && selectedCompletionIndex(view.state) === 0) closeCompletion(view); return false; } };

// referring tells whether the cursor stands in the address of a reference.
const referring = (state) => {
  const { head, empty } = state.selection.main, line = state.doc.lineAt(head);
  return empty && /\[\]\(#[^)\s]*$/.test(line.text.slice(0, head - line.from));
};

// waiting: keys that came while the list was made are carried out when it is there.
let waiting = null;
const whenListed = EditorView.updateListener.of((u) => {
  if (!waiting) return;
  if (u.state.doc !== waiting.doc || !referring(u.state)) { waiting = null; return; }
  const list = currentCompletions(u.state);
  if (!list.length) return;
  const { chosen, take } = waiting, at = list.findIndex((c) => c.detail === chosen), { view, state } = u;
  waiting = null;
  queueMicrotask(() => {
    if (view.state !== state) return;
    if (at > 0) view.dispatch({ effects: setSelectedCompletion(at) });
    if (take) takeReference(view);
  });
});

// takeReference: Enter takes what is chosen however fast it comes, and never
// breaks a reference in two.
function takeReference(view) {
  const { state } = view, { head } = state.selection.main, chosen = selectedCompletion(state);
  if (!referring(state)) return false;
  if (chosen) chosen.apply(view, chosen, head - /[^#]*$/.exec(state.sliceDoc(state.doc.lineAt(head).from, head))[0].length, head);
  else if (completionStatus(state) === 'pending') waiting = { doc: state.doc, chosen: waiting?.chosen, take: true };
  else if (!waiting?.take && !/\(#$/.test(state.sliceDoc(head - 2, head))) { // perhaps the next look knows it; a second Enter leaves it
    waiting = { doc: state.doc, take: true };
    startCompletion(view);
  } else if (state.sliceDoc(head, head + 1) === ')') view.dispatch({ selection: { anchor: head + 1 } });
  else return false;
  return true;
}
const stay = (view) => referring(view.state) && completionStatus(view.state) === 'pending';

export const completion = [whenListed, Prec.highest(keymap.of([ends, { key: 'Enter', run: takeReference }, { key: 'ArrowDown', run: stay }, { key: 'ArrowUp', run: stay }])), autocompletion({
  override: [references, slash, standards, terms], activateOnTyping: true, icons: false, interactionDelay: 30,
})];

export const takeTerm = { key: 'Tab', run: (view) => offersTerms(view) && acceptCompletion(view) };

// reference begins a reference at the cursor.
export function reference(view) {
  const { from, to } = view.state.selection.main;
  view.dispatch({ changes: { from, to, insert: '[](#)' }, selection: { anchor: from + 4 }, userEvent: 'input' });
  view.focus();
  startCompletion(view);
  return true;
}

export const targetName = (t) => `${t.number || ''} ${t.title || ''}`.trim() || say('editor.untitled');
