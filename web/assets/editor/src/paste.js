// What is pasted from Word, WPS or a web page arrives as Markdown of the house:
// headings, lists, tables, notes and formulas keep what they are; type faces,
// bold and colours stay behind (GB/T 1.1—2020 sets no emphasis in a text);
// numbers that are derived are taken off.

// ---- what the clipboard says about its styles -------------------------------

// styles reads the names of a Word document's own styles (章标题, 一级条标题 …), by
// class: p.a5 { mso-style-name: 章标题 }
function styles(doc) {
  const out = {};
  for (const s of doc.querySelectorAll('style')) {
    for (const rule of s.textContent.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      const name = /mso-style-name:\s*"?([^;"]+)"?/.exec(rule[2]);
      const level = /mso-outline-level:\s*(\d)/.exec(rule[2]) || /mso-list:[^;]*level(\d)/.exec(rule[2]);
      if (!name && !level) continue;
      for (const c of rule[1].matchAll(/\.([\w-]+)/g)) out[c[1]] = { name: name ? unescapeCSS(name[1].trim()) : '', level: level ? Number(level[1]) : 0 };
    }
  }
  return out;
}
const unescapeCSS = (s) => s.replace(/\\([0-9a-fA-F]{1,6})\s?/g, (_, h) => String.fromCodePoint(parseInt(h, 16))).replace(/\\(.)/g, '$1');

// ---- words -------------------------------------------------------------------

const small = { sup: '⁰¹²³⁴⁵⁶⁷⁸⁹', sub: '₀₁₂₃₄₅₆₇₈₉' };
const lift = (text, kind) => (/^\d+$/.test(text) ? [...text].map((c) => [...small[kind]][c]).join('') : text);
const hidden = (e) => e.nodeType === 8 || /^(STYLE|SCRIPT|META|LINK|TITLE|XML|O:P|NOSCRIPT|TEMPLATE|HEAD|BUTTON|INPUT|SELECT|TEXTAREA|NAV)$/.test(e.nodeName) || /display:\s*none|mso-hide:\s*all|visibility:\s*hidden/.test(e.getAttribute?.('style') || '');
const ignored = (e) => /mso-list:\s*ignore/i.test(e.getAttribute?.('style') || '');
const tidy = (s) => s.replace(/[\u200b-\u200d\ufeff]/g, '').replace(/[ \t\r\n\f\u00a0]+/g, ' ').replace(/ *\n */g, '\n').trim();

// inline is what a block says, in one line; pictures are put aside.
function inline(node, pictures) {
  let out = '';
  for (const c of node.childNodes) {
    if (c.nodeType === 3) { out += c.data.replace(/[\r\n]+\s*/g, (m, at) => (/[\x00-\x7f]$/.test(c.data.slice(0, at)) && c.data.slice(0, at) ? ' ' : '')); continue; }
    if (c.nodeType !== 1 || hidden(c) || ignored(c)) continue;
    const tag = c.nodeName.toUpperCase(); // MathML keeps its small letters
    if (tag === 'BR') { out += /page-break|mso-special-character/.test(c.getAttribute('style') || '') ? '' : ' '; continue; }
    if (tag === 'IMG' || tag === 'V:IMAGEDATA') { pictures.push({ src: c.getAttribute('src') || '', alt: tidy(c.getAttribute('alt') || '') }); continue; }
    if (tag === 'TABLE') continue;
    if (tag === 'MATH') { const tex = c.querySelector('annotation[encoding*="tex" i]'); out += tex ? `$${tidy(tex.textContent)}$` : tidy(c.textContent); continue; }
    if (tag === 'SUP' || tag === 'SUB') { out += lift(tidy(inline(c, pictures)), tag.toLowerCase()); continue; }
    out += inline(c, pictures);
  }
  return out;
}

// safe keeps words from being read as marks of the house.
const safe = (s) => s.replace(/^(#{1,7})(?=\s)/, '\\$1').replace(/<!--/g, '\\<!--');

// ---- blocks --------------------------------------------------------------------

const KIND = [ // names of styles, of Word's own and of the templates for standards (TCS, 标准编写模板)
  [/附录.*标识|附录标题/, 'annex'], [/附录章标题|附录一级条/, 'h3'], [/附录二级条/, 'h4'], [/附录三级条/, 'h5'],
  [/前言.*标题|引言.*标题|参考文献.*标题/, 'front'], [/章标题/, 'h2'], [/一级条标题/, 'h3'], [/二级条标题/, 'h4'], [/三级条标题/, 'h5'], [/四级条标题/, 'h6'], [/五级条标题/, 'h7'],
  [/一级无标题条|一级无/, 'u3'], [/二级无/, 'u4'], [/三级无/, 'u5'], [/四级无/, 'u6'], [/五级无/, 'u7'],
  [/列项.*二级|数字编号列项|二级列项/, 'li2'], [/列项|一级列项/, 'li1'], [/表题|表标题|正文表标题/, 'caption'], [/图题|图标题|正文图标题/, 'figure'],
  [/^注|注×|首示例注/, 'note'], [/示例/, 'example'], [/^toc|目次|目录/i, 'toc'], [/^标准.*名称|^title$|文件名称/i, 'title'], [/公式/, 'formula'], [/页眉|页脚|header|footer/i, 'skip'],
];

// byNumber tells a heading from the number before it, and how deep it is.
function byNumber(text) {
  const annex = /^附\s*录\s*([A-Z])\s*[（(]?(规范性|资料性)?(?:附录)?[）)]?\s*(.*)$/.exec(text);
  if (annex) return { kind: 'annex', informative: annex[2] === '资料性', title: annex[3] };
  const m = /^((?:[A-Z]|\d{1,2})(?:[.．]\d{1,3}){0,5})[\s\u3000、．.]+(\S.*)$/.exec(text) || /^((?:[A-Z]|\d{1,2})(?:[.．]\d{1,3}){1,5})([\u4e00-\u9fff].*)$/.exec(text);
  if (!m) return null;
  const parts = m[1].split(/[.．]/);
  if (parts.length === 1 && /[A-Z]/.test(parts[0])) return null;
  const titled = m[2].length <= 40 && !/[。；：;]$/.test(m[2]) && !/[。；]/.test(m[2]);
  if (parts.length === 1 && !titled) return null;
  return { depth: parts.length, title: m[2], titled };
}

const FRONT = { 前言: 'foreword', 引言: 'introduction', 范围: 'scope', 规范性引用文件: 'references', 术语和定义: 'terms', 参考文献: 'bibliography', 索引: 'index' };
const chapter = (title) => {
  const plain = title.replace(/[\s\u3000]/g, '');
  return FRONT[plain] ? `## ${plain} {#${FRONT[plain]}}` : `## ${title}`;
};
const heading = (depth, title) => (depth <= 1 ? chapter(title) : '#'.repeat(Math.min(depth + 1, 7)) + ' ' + title);
const unnumbered = (t) => t.replace(/^(?:[A-Z]|\d{1,2})(?:[.．]\d{1,3}){0,5}[\s\u3000、．.]+|^(?:[A-Z]|\d{1,2})(?:[.．]\d{1,3}){1,5}(?=[\u4e00-\u9fff])/, '').replace(/^第[一二三四五六七八九十百\d]+章[\s\u3000]*/, '');
const caption = (t) => t.replace(/^表\s*[A-Z]?[.．]?\d+(?:[.．]\d+)*[\s\u3000:：]*/, '').replace(/^表[:：]\s*/, '');
const drawing = (t) => t.replace(/^图\s*[A-Z]?[.．]?\d+(?:[.．]\d+)*[\s\u3000:：]*/, '').replace(/^图[:：]\s*/, '');

class Writer {
  constructor(names) { this.out = []; this.names = names; this.pictures = []; this.letter = 0; this.figure = 0; this.annex = false; }

  // put adds a block; items of one list stand together.
  put(text, list = false) {
    if (!text) return;
    if (!list) this.letter = this.digit = 0;
    const last = this.out.length - 1;
    if (list && last >= 0 && this.out[last].list) this.out[last].text += '\n' + text;
    else this.out.push({ text, list });
  }

  item(level, label, text) {
    if (level > 1) {
      this.digit = (this.digit || 0) + 1;
      return this.put(`  ${/^[—–－·•●-]/.test(label) ? '·' : this.digit + ')'} ${text}`, true);
    }
    this.digit = 0;
    if (/^[—–－·•●○■◆o§Øu-]/.test(label) && !/^[a-z]\)/.test(label)) return this.put(`—— ${text}`, true);
    const mark = String.fromCharCode(97 + this.letter++ % 26);
    return this.put(`${mark}) ${text}`, true);
  }

  picture(p) {
    const i = this.pictures.push(p) - 1;
    this.put(`\u0000${i}\u0000`);
  }

  block(e) {
    const pictures = [], style = e.getAttribute('style') || '', name = [...e.classList].map((c) => this.names[c]).find(Boolean);
    const text = tidy(inline(e, pictures));
    const label = tidy([...e.querySelectorAll('*')].filter(ignored).map((s) => s.textContent).join(''));
    for (const p of pictures) this.picture(p);
    if (!text) return;
    this.say(e, text, label, style, name);
  }

  say(e, text, label, style, name) {
    const level = Number(/level(\d)/.exec(style)?.[1] || 0), inList = /mso-list:\s*l\d+/i.test(style);
    let kind = /^H[1-6]$/.test(e.nodeName) ? e.nodeName.toLowerCase() : '';
    const known = name?.name && KIND.find(([re]) => re.test(name.name));
    if (known) kind = known[1];
    if (e.classList.contains('MsoTitle')) kind = 'title';
    if (/^MsoToc\d/.test(e.className)) kind = 'toc';
    if (/^Mso(Header|Footer)$/.test(e.className)) kind = 'skip';
    if (/^MsoCaption$/.test(e.className)) kind = /^图/.test(text) ? 'figure' : 'caption';
    if (kind === 'toc' || kind === 'skip') return;
    if (kind === 'title') return this.put('# ' + text);
    const numbered = byNumber((/^[\dA-Z]/.test(label) ? label + ' ' : '') + text);
    if (kind === 'annex' || (numbered?.kind === 'annex' && text.length < 80)) {
      this.annex = true;
      const a = numbered?.kind === 'annex' ? numbered : { informative: /资料性/.test(text), title: text.replace(/^[（(]?(规范性|资料性)(附录)?[）)]?\s*/, '') };
      return this.put(`## 附录（${a.informative ? '资料性' : '规范性'}）${a.title}`);
    }
    const h = /^h(\d)$/.exec(kind);
    if (h || kind === 'front') return this.heading(e, kind, Number(h?.[1] || 2), text, label, numbered, known);
    if (/^u\d$/.test(kind)) return this.put(`${'#'.repeat(Number(kind[1]))}\n\n${safe(unnumbered(text))}`);
    if (kind === 'caption' || /^表\s*[A-Z]?[.．]?\d+[\s\u3000]/.test(text)) return this.put('表：' + caption(text));
    if (kind === 'figure' || /^图\s*[A-Z]?[.．]?\d+[\s\u3000]/.test(text)) return this.named(drawing(text));
    if (/^注\s*\d*\s*[:：]/.test(text) || kind === 'note') return this.put(text.replace(/^注\s*(\d*)\s*[:：]\s*|^/, (_, n) => `注${n || ''}：`));
    if (/^示例\s*\d*\s*[:：]/.test(text) || kind === 'example') return this.put(text.replace(/^示例\s*(\d*)\s*[:：]?\s*|^/, (_, n) => `示例${n || ''}：`));
    if (/^(前\s*言|引\s*言|参\s*考\s*文\s*献)$/.test(text)) return this.put(chapter(text));
    if (numbered && (numbered.titled || numbered.depth > 1) && !/^[a-z]/.test(label)) {
      if (numbered.titled) return this.put(heading(numbered.depth, numbered.title));
      return this.put(`${'#'.repeat(Math.min(numbered.depth + 1, 7))}\n\n${safe(numbered.title)}`);
    }
    const typed = /^(?:([a-z])[)）.．]|(\d{1,2})[)）]|(——|—|●|•|·|－))\s*(.+)$/.exec(text);
    if (kind === 'li1' || kind === 'li2') return this.item(kind === 'li2' ? 2 : 1, label || typed?.[0] || '—', typed ? typed[4] : text);
    if (inList) return this.item(level || 1, label || typed?.[0] || '—', typed && !label ? typed[4] : text);
    if (typed) return this.item(typed[2] || typed[3] === '·' ? 2 : 1, typed[0], typed[4]);
    return this.put(safe(text));
  }

  heading(e, kind, level, text, label, numbered, known) {
    if (kind === 'front') return this.put(chapter(text));
    // Word's first level is the chapter; a style of a template says so itself.
    const depth = numbered?.depth || (known ? level - 1 : level);
    const title = numbered?.title || unnumbered(text);
    if (!numbered && !known && level === 1 && e.nodeName === 'H1' && !label && !this.out.length && !FRONT[title]) return this.put('# ' + title);
    return this.put(heading(depth, title));
  }

  // named gives the picture before it its caption.
  named(title) {
    const last = this.out[this.out.length - 1], held = last && /^\u0000(\d+)\u0000$/.exec(last.text);
    if (held) this.pictures[held[1]].title = title; else this.put('图：' + title);
  }

  list(e, level) {
    for (const li of e.children) {
      if (/^[OU]L$/.test(li.nodeName)) { this.list(li, level + 1); continue; }
      if (li.nodeName !== 'LI' || hidden(li)) continue;
      const own = li.cloneNode(true), pictures = [];
      for (const sub of own.querySelectorAll('ol, ul, table')) sub.remove();
      const text = tidy(inline(own, pictures));
      if (text) this.item(level, e.nodeName === 'OL' ? 'a)' : '—', text.replace(/^(?:[a-z]|\d{1,2})[)）.．]\s*/, ''));
      for (const p of pictures) this.picture(p);
      for (const sub of li.children) if (/^[OU]L$/.test(sub.nodeName)) this.list(sub, level + 1); else if (sub.nodeName === 'TABLE') this.table(sub);
    }
  }

  // table writes a table; a cell that spans others is repeated in none of them.
  table(e) {
    const rows = [], taken = {};
    [...e.rows].forEach((tr, y) => {
      const row = [];
      let x = 0;
      for (const td of tr.cells) {
        while (taken[`${y},${x}`]) row[x++] = '';
        const pictures = [];
        row[x] = tidy(inline(td, pictures)).replace(/\\?\|/g, '\\|');
        for (const p of pictures) this.later = [...(this.later || []), p];
        const w = Math.min(td.colSpan || 1, 60), h = Math.min(td.rowSpan || 1, 500);
        for (let dy = 0; dy < h; dy++) for (let dx = 0; dx < w; dx++) if (dx || dy) taken[`${y + dy},${x + dx}`] = true;
        x++;
      }
      while (taken[`${y},${x}`]) row[x++] = '';
      rows.push(row);
    });
    const width = Math.max(0, ...rows.map((r) => r.length));
    if (width === 1 && rows.length === 1) return this.put(safe(rows[0][0])); // a frame around words
    if (!width || rows.every((r) => r.every((c) => !c))) return;
    const line = (r) => '| ' + Array.from({ length: width }, (_, i) => r[i] || '').join(' | ') + ' |';
    this.put([line(rows[0]), '|' + ' --- |'.repeat(width), ...rows.slice(1).map(line)].join('\n'));
    for (const p of this.later || []) this.picture(p);
    this.later = null;
  }

  walk(e) {
    let loose = null;
    const flush = () => { if (loose?.textContent.trim() || loose?.querySelector('img')) this.block(loose); loose = null; };
    for (const c of e.childNodes) {
      if (c.nodeType === 1 && hidden(c)) continue;
      const block = c.nodeType === 1 && /^(P|DIV|H[1-6]|UL|OL|TABLE|SECTION|ARTICLE|MAIN|BODY|BLOCKQUOTE|PRE|DL|DT|DD|FIGURE|FIGCAPTION|CENTER|HEADER|FOOTER|FORM|HR)$/.test(c.nodeName);
      if (!block) { // words that stand outside every block
        if (c.nodeType === 1 && c.querySelector('p, div, table, h1, h2, h3, h4, ul, ol')) { flush(); this.walk(c); continue; }
        if (c.nodeType === 1 || c.nodeType === 3) (loose ??= document.createElement('p')).append(c.cloneNode(true));
        continue;
      }
      flush();
      if (/^[OU]L$/.test(c.nodeName)) this.list(c, 1);
      else if (c.nodeName === 'TABLE') this.table(c);
      else if (/^(P|H[1-6]|PRE|DT|FIGCAPTION)$/.test(c.nodeName) || !c.querySelector('p, div, table, h1, h2, h3, h4, h5, h6, ul, ol, li, section, article, figcaption')) c.nodeName === 'FIGCAPTION' ? this.named(drawing(tidy(c.textContent))) : this.block(c);
      else this.walk(c);
    }
    flush();
  }
}

// convert gives the Markdown of what the clipboard holds, and the pictures in
// it; a picture's place is its number between two NUL characters. An empty
// string: nothing that plain text would not say as well.
export function convert(htmlText) {
  // Word wraps what other programs should not see in conditional comments.
  const doc = new DOMParser().parseFromString(htmlText.replace(/<!\[(?:if|endif)[^\]]*\]>/g, ''), 'text/html');
  const w = new Writer(styles(doc));
  w.walk(doc.body);
  return { text: w.out.map((b) => b.text).join('\n\n'), pictures: w.pictures };
}

// figure is how the text says a picture; where it could not be brought along,
// it says what to do.
export const figure = (address, title, id) => `![图：${title || ''}](${address})${id ? `{#${id}}` : ''}`;
