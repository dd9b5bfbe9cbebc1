// Completion: references to what the text holds, its terms, and the numbers of
// the standards that the registry holds.
import { acceptCompletion, autocompletion, closeCompletion, currentCompletions, selectedCompletionIndex, startCompletion } from '@codemirror/autocomplete';
import { Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { ask, say } from './page.js';
import { slash } from './snippets.js';

// held is what the last look at the text found: targets and terms.
const held = { targets: [], terms: [] };
export const hold = (targets, terms) => Object.assign(held, { targets, terms });

// withID writes the identity of a heading that has none yet, because what is
// referred to has to keep its name.
function withID(view, target) {
  if (target.written || !target.line) return [];
  const line = view.state.doc.line(Math.min(target.line, view.state.doc.lines));
  if (!/^#{2,7}(\s|$)/.test(line.text) || /\{#/.test(line.text)) return [];
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

export const completion = [Prec.highest(keymap.of([ends])), autocompletion({
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
