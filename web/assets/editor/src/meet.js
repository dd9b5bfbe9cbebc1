// Where two texts meet: a choice between them, and a view that shows both.
import { EditorView, minimalSetup } from 'codemirror';
import { EditorState } from '@codemirror/state';
import { MergeView, presentableDiff } from '@codemirror/merge';
import { el, page, say } from './page.js';
import { highlight, theme } from './highlight.js';

const nonce = page.nonce ? [EditorView.cspNonce.of(page.nonce)] : [];
const plain = [minimalSetup, EditorState.phrases.of(JSON.parse(say('editor.phrases'))), EditorView.lineWrapping, theme, highlight, ...nonce];
const fixed = [EditorState.readOnly.of(true), EditorView.editable.of(false)];

// compare shows two texts side by side; the right one can be changed, and takes
// pieces of the left one by its arrows. It gives what was chosen, or null.
export function compare({ title, left, right, leftName, rightName, keep = 'editor.meet.keep', why = '' }) {
  return new Promise((resolve) => {
    let chosen = null;
    const box = el('div', { class: 'dr-merge' });
    const dialog = el('dialog', { class: 'dr-dialog dr-wide', 'aria-label': title, onclose: () => { view.destroy(); dialog.remove(); resolve(chosen); } },
      el('h2', {}, title), why ? el('p', { class: 'quiet' }, why) : null,
      el('div', { class: 'dr-merge-heads' }, el('b', {}, leftName), el('b', {}, rightName)), box,
      el('div', { class: 'actions' },
        el('button', { type: 'button', class: 'primary', data: { choose: 'right' }, onclick: () => { chosen = view.b.state.doc.toString(); dialog.close(); } }, say(keep)),
        el('button', { type: 'button', data: { choose: 'left' }, onclick: () => { chosen = left; dialog.close(); } }, say('editor.meet.left', leftName)),
        el('button', { type: 'button', onclick: () => dialog.close() }, say('editor.cancel'))));
    document.body.append(dialog);
    const view = new MergeView({
      a: { doc: left, extensions: [plain, fixed, EditorView.contentAttributes.of({ 'aria-label': leftName })] },
      b: { doc: right, extensions: [plain, EditorView.contentAttributes.of({ 'aria-label': rightName })] },
      parent: box, revertControls: 'a-to-b', collapseUnchanged: { margin: 3, minSize: 6 }, gutter: true,
      renderRevertControl: () => el('button', { type: 'button', class: 'dr-revert', title: say('editor.meet.take'), 'aria-label': say('editor.meet.take') }, '→'),
    });
    dialog.showModal();
  });
}

// against marks what a text has that its base has not.
function against(base, text) {
  if (base === null || base === undefined) return [text];
  const out = [];
  let at = 0;
  for (const c of presentableDiff(base, text)) {
    out.push(text.slice(at, c.fromB));
    if (c.toA > c.fromA) out.push(el('del', {}, base.slice(c.fromA, c.toA)));
    if (c.toB > c.fromB) out.push(el('ins', {}, text.slice(c.fromB, c.toB)));
    at = c.toB;
  }
  return [...out, text.slice(at)];
}

// resolve shows every clause that two people changed: what it was, what the
// other made of it and what one made of it oneself; it gives what each shall say,
// or null. A conflict is { id, name, base, theirs, mine, gone }.
export function resolve({ conflicts, theirs, mine, base, others }) {
  return new Promise((done) => {
    let chosen = null;
    const views = [];
    const cards = conflicts.map((k, i) => {
      const now = new EditorView({ doc: k.mine ?? '', extensions: [plain, EditorView.contentAttributes.of({ 'aria-label': say('editor.met.now', k.name) })] });
      views.push(now);
      const set = (text, what) => () => { now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: text ?? '' } }); k.gone = what === 'gone'; mark(what); };
      const side = (name, text) => el('div', {}, el('h4', {}, name), text === null || text === undefined ? el('p', { class: 'nothing' }, say('editor.met.gone')) : el('div', { class: 'dr-side' }, ...(text === k.base ? [text] : against(k.base, text))));
      const pick = (what, text, label) => el('button', { type: 'button', class: 'small', data: { pick: what }, 'aria-pressed': String(what === 'mine'), onclick: set(text, text === null || text === undefined ? 'gone' : what) }, label);
      const both = [k.theirs, k.mine].filter((t) => t !== null && t !== undefined).join('\n\n');
      const card = el('article', { class: 'conflict', data: { conflict: k.id } }, el('h3', {}, k.name),
        el('div', { class: 'three' }, side(base, k.base), side(theirs, k.theirs), side(mine, k.mine)),
        el('div', { class: 'actions' }, pick('mine', k.mine, say('editor.met.mine')), pick('theirs', k.theirs, say('editor.met.theirs')), k.field ? null : pick('both', both, say('editor.met.both'))),
        el('label', {}, say('editor.met.now', k.name)), now.dom);
      const mark = (what) => { for (const b of card.querySelectorAll('[data-pick]')) b.setAttribute('aria-pressed', String(b.dataset.pick === what)); };
      card.dataset.at = i;
      return card;
    });
    const dialog = el('dialog', { class: 'dr-dialog dr-wide', 'aria-label': say('editor.met.title'), onclose: () => { views.forEach((v) => v.destroy()); dialog.remove(); done(chosen); } },
      el('h2', {}, say('editor.met.title')), el('p', { class: 'quiet' }, say('editor.met.lead', conflicts.length)),
      others?.length ? el('p', { class: 'small' }, say('editor.met.others', others.join('、'))) : null,
      el('div', { class: 'dr-cards' }, ...cards),
      el('div', { class: 'actions' },
        el('button', { type: 'button', class: 'primary', data: { choose: 'merged' }, onclick: () => { chosen = conflicts.map((k, i) => ({ id: k.id, field: k.field, gone: !!k.gone, text: views[i].state.doc.toString() })); dialog.close(); } }, say('editor.met.take')),
        el('button', { type: 'button', onclick: () => dialog.close() }, say('editor.cancel'))));
    document.body.append(dialog);
    dialog.showModal();
    views.forEach((v) => v.requestMeasure());
  });
}
