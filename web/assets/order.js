// The order of the draft: Alt+↑ and Alt+↓ press the buttons of the clause that is
// in focus; dragging a clause sends its form with the place where it was dropped.
'use strict';
(() => {
  const part = (el) => el?.closest?.('section[data-move]');
  const formOf = (section) => section?.querySelector('form.draft-move');
  const target = () => part(document.activeElement) ?? (location.hash && part(document.getElementById(location.hash.slice(1))));
  document.addEventListener('keydown', (e) => {
    if (!e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return;
    const button = formOf(target())?.querySelector(e.key === 'ArrowUp' ? '.up' : '.down');
    if (button) { e.preventDefault(); button.click(); }
  });
  let dragged = null;
  const same = (section) => { // a row goes beside rows, a chapter beside chapters
    const a = formOf(dragged), b = formOf(section);
    return a && b && section !== dragged && !a.elements.row.value === !b.elements.row.value;
  };
  document.addEventListener('dragstart', (e) => {
    dragged = e.target.closest?.('.grip') ? part(e.target) : null;
    if (dragged) { e.dataTransfer.effectAllowed = 'move'; e.dataTransfer.setData('text/plain', dragged.id); e.dataTransfer.setDragImage(dragged, 0, 0); }
  });
  const mark = (section, below) => {
    for (const s of document.querySelectorAll('.drop-above, .drop-below')) s.classList.remove('drop-above', 'drop-below');
    section?.classList.add(below ? 'drop-below' : 'drop-above');
  };
  const lower = (section, e) => { const r = section.getBoundingClientRect(); return e.clientY > r.top + r.height / 2; };
  document.addEventListener('dragover', (e) => {
    const section = part(e.target);
    if (!dragged || !section || !same(section)) return;
    e.preventDefault();
    mark(section, lower(section, e));
  });
  document.addEventListener('dragend', () => { mark(null); dragged = null; });
  document.addEventListener('drop', (e) => {
    const section = part(e.target);
    if (!dragged || !section || !same(section)) return;
    e.preventDefault();
    const form = formOf(dragged), there = formOf(section).elements;
    const place = document.createElement('input');
    Object.assign(place, { type: 'hidden', name: lower(section, e) ? 'after' : 'before', value: there.row.value || there.chapter.value });
    form.append(place);
    if (there.row.value) form.elements.chapter.value = there.chapter.value;
    form.submit();
  });
  // After a move the clause has the focus, so that it can be moved on.
  if (location.hash) part(document.getElementById(location.hash.slice(1)))?.focus({ preventScroll: true });
})();
