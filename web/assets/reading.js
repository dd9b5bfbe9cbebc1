// Reading a text: the contents list marks the place, j and k go from clause to
// clause, a link copies its address, and selected words go into the comment.
'use strict';

const clauses = [...document.querySelectorAll('.text > .clause')];
const lines = new Map([...document.querySelectorAll('.contents a')].map((a) => [decodeURIComponent(a.hash.slice(1)), a]));
const list = document.querySelector('.contents > details');

// current is the last clause that begins above the upper third of the window.
function current() {
  let at = null;
  for (const c of clauses) {
    if (c.getBoundingClientRect().top > innerHeight / 3) break;
    at = c;
  }
  return at;
}

let marked = null;
function mark() {
  let at = clauses.indexOf(current());
  let line = null;
  while (at >= 0 && !(line = lines.get(clauses[at].id))) at--;
  if (line === marked) return;
  marked?.removeAttribute('aria-current');
  marked = line;
  if (!line) return;
  line.setAttribute('aria-current', 'true');
  if (list && list.scrollHeight > list.clientHeight) {
    const d = list.getBoundingClientRect(), l = line.getBoundingClientRect();
    if (l.top < d.top || l.bottom > d.bottom) list.scrollTop += l.top - d.top - d.height / 3;
  }
}

let waiting = false;
addEventListener('scroll', () => {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => { waiting = false; mark(); });
}, { passive: true });
mark();

document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input, textarea, select')) return;
  const step = { j: 1, k: -1 }[e.key];
  if (!step) return;
  const next = clauses[Math.max(0, clauses.indexOf(current()) + step)];
  if (next) { e.preventDefault(); next.scrollIntoView({ block: 'start' }); history.replaceState(null, '', '#' + next.id); mark(); }
});

// selected are the words selected in a clause and which of the places where they
// stand in its text is meant, from 1. A click may undo the selection: it is read
// when the pointer goes down.
function selected(clause) {
  const s = getSelection();
  const words = String(s).trim();
  if (!words || !s.rangeCount || !clause.contains(s.anchorNode) || !clause.contains(s.focusNode)) return null;
  const before = document.createRange();
  before.setStartAfter(clause.querySelector('.clause-tools'));
  const at = s.getRangeAt(0);
  if (before.comparePoint(at.startContainer, at.startOffset) < 0) return null; // the heading is no text of the clause
  before.setEnd(at.startContainer, at.startOffset);
  return { words, nth: before.toString().split(words).length };
}

let picked = null;
document.addEventListener('pointerdown', (e) => {
  const tools = e.target.closest('.clause-tools');
  picked = tools && selected(tools.closest('.clause'));
});

document.addEventListener('click', (e) => {
  const link = e.target.closest('.clause-tools a');
  if (!link) return;
  if (link.classList.contains('anchor')) {
    navigator.clipboard?.writeText(link.href).then(() => {
      link.textContent = '✓';
      setTimeout(() => { link.textContent = '#'; }, 1200);
    }, () => {});
    return;
  }
  if (!link.matches('.remarks, .remark-add')) return;
  const found = selected(link.closest('.clause')) ?? picked;
  const to = new URL(link.href);
  to.searchParams.delete('quote');
  to.searchParams.delete('nth');
  if (found) {
    to.searchParams.set('quote', found.words.slice(0, 1000));
    to.searchParams.set('nth', found.nth);
    to.hash = 'add';
  }
  link.href = to;
});
