// What every page gains from a script: nothing here is needed to use it.
'use strict';

// "/" goes to the search box, as long as nobody is typing.
document.addEventListener('keydown', (e) => {
  if (e.key !== '/' || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.target.closest('input, textarea, select, [contenteditable]')) return;
  const box = document.querySelector('input[name=q]');
  if (box) { e.preventDefault(); box.focus(); box.select(); }
});

// On a narrow screen what stands before the matter itself is folded.
for (const d of document.querySelectorAll('details[data-fold]')) {
  if (!matchMedia(`(min-width: ${d.dataset.fold})`).matches) d.open = false;
}

// A menu closes when something else is clicked, or by Escape.
document.addEventListener('click', (e) => {
  for (const m of document.querySelectorAll('details.menu[open]')) {
    if (!m.contains(e.target)) m.open = false;
  }
});
document.addEventListener('keydown', (e) => {
  if (e.key !== 'Escape') return;
  for (const m of document.querySelectorAll('details.menu[open]')) {
    m.open = false;
    m.querySelector('summary').focus();
  }
});

// What a form kept in this browser is forgotten when the server says that it
// has it.
try {
  const sent = sessionStorage.getItem('sent');
  if (sent && document.querySelector('.notice')) for (const k of sent.split('\n')) localStorage.removeItem(k);
  sessionStorage.removeItem('sent');
} catch { /* storage is forbidden: then nothing was kept */ }

// A permanent link is copied by a click; with a modifier it is followed.
document.addEventListener('click', (e) => {
  const link = e.target.closest('a[data-copy]');
  if (!link || !navigator.clipboard || e.ctrlKey || e.metaKey || e.shiftKey) return;
  e.preventDefault();
  navigator.clipboard.writeText(link.href).then(() => {
    const said = link.textContent;
    link.textContent = '✓';
    setTimeout(() => { link.textContent = said; }, 1200);
  }, () => { location.href = link.href; });
});
