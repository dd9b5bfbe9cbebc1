// The texts that this browser keeps until the server has them. IndexedDB and not
// localStorage: a browser that is killed has written it out.
const NAME = 'tongbiao-drafts';
let opened;

const open = () => (opened ??= new Promise((resolve, reject) => {
  const req = indexedDB.open(NAME, 1);
  req.onupgradeneeded = () => req.result.createObjectStore('texts', { keyPath: 'key' });
  req.onsuccess = () => resolve(req.result);
  req.onerror = () => reject(req.error);
  req.onblocked = () => reject(new Error('blocked'));
}));

const act = async (mode, fn) => {
  const db = await open();
  return new Promise((resolve, reject) => {
    const tx = db.transaction('texts', mode, { durability: 'strict' });
    const req = fn(tx.objectStore('texts'));
    tx.oncomplete = () => resolve(req?.result);
    tx.onerror = tx.onabort = () => reject(tx.error);
  });
};

export const put = (entry) => act('readwrite', (s) => s.put(entry));
export const drop = (key) => act('readwrite', (s) => s.delete(key));

// entries are the texts kept here of one member's draft, the newest first; a
// text that a leaving page put aside in haste is among them.
export async function entries(prefix) {
  let list = [];
  try {
    list = (await act('readonly', (s) => s.getAll(IDBKeyRange.bound(prefix, prefix + '\uffff')))) || [];
  } catch { /* storage is forbidden: nothing is kept here */ }
  for (let i = 0; i < localStorage.length; i++) {
    const key = localStorage.key(i);
    if (!key.startsWith('leaving:' + prefix)) continue;
    try {
      const hasty = JSON.parse(localStorage.getItem(key));
      const at = list.findIndex((e) => e.key === hasty.key);
      if (at < 0) list.push(hasty); else if (list[at].at < hasty.at) list[at] = hasty;
    } catch { /* not ours */ }
  }
  return list.sort((a, b) => b.at - a.at);
}

// leave keeps a text at once, while the page is being closed.
export const leave = (entry) => {
  try { localStorage.setItem('leaving:' + entry.key, JSON.stringify(entry)); } catch { /* too long: IndexedDB has it but for the last instant */ }
};

export const forget = async (key) => {
  localStorage.removeItem('leaving:' + key);
  try { await drop(key); } catch { /* nothing was kept */ }
};
