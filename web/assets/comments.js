// Keyboard of the table of comments: j and k go from one to the next, x ticks it.
const threads = () => [...document.querySelectorAll('.comments-page .thread')];
let at = -1;
document.addEventListener('keydown', (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest('input:not([type=checkbox]), textarea, select')) return;
  const list = threads();
  if (e.key === 'x' && list[at]) {
    const box = list[at].querySelector('header input[type=checkbox]');
    if (box) box.checked = !box.checked;
    return;
  }
  if (e.key !== 'j' && e.key !== 'k') return;
  at = Math.max(0, Math.min(list.length - 1, at + (e.key === 'j' ? 1 : -1)));
  const next = list[at];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: 'start' });
});
