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
  const words = String(getSelection()).trim();
  const inside = getSelection().anchorNode && link.closest('.clause').contains(getSelection().anchorNode);
  if (words && inside) {
    const to = new URL(link.href);
    to.searchParams.set('quote', words.slice(0, 1000));
    to.hash = 'add';
    link.href = to;
  }
});
