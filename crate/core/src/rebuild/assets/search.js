// The script of the search page. The index is one script file for each page of the chat, because a page opened by double
// click may load scripts, but not fetch files. Texts of the chat are only ever set as text, never as markup.
(() => {
  'use strict';

  const query = document.getElementById('query');
  const from = document.getElementById('from');
  const media = document.getElementById('media');
  const results = document.getElementById('results');
  const found = document.getElementById('found');
  const more = document.getElementById('more');
  const form = document.getElementById('form');
  const pages = Number(form.dataset.pages);
  /** Results that are shown at once, index files that are loaded at once, letters around the first hit. */
  const STEP = 100;
  const AT_ONCE = 6;
  const AROUND = 60;
  const index = [];

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /** The same text for every way of writing it: no case, no accents. */
  const plain = (text) => /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

  // --- The index ----------------------------------------------------------------------------------------------------
  window.heirloomIndex = (page, file, rows) => {
    index[page] = { file, rows, plain: rows.map((row) => plain(`${row[1]} ${row[3]}`)) };
  };
  const load = (page) => new Promise((done) => {
    const script = make('script', { src: `assets/search-${page + 1}.js` });
    script.onload = script.onerror = () => { script.remove(); done(); };
    document.head.append(script);
  });
  const loadAll = async () => {
    let next = 0;
    const one = async () => {
      while (next < pages) {
        next += 1;
        await load(next - 1);
        if (next % 20 === 0) found.textContent = `Reading the chat: ${next} of ${pages} pages …`;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    found.textContent = '';
    document.body.dataset.ready = 'yes';
  };

  // --- Results ------------------------------------------------------------------------------------------------------
  /** Every hit of a word in a text, as places in the text itself: its plain form may be longer or shorter. */
  const hits = (text, words) => {
    const letters = [];
    let flat = '';
    let place = 0;
    for (const letter of text) {
      const flatLetter = plain(letter);
      for (let unit = 0; unit < flatLetter.length; unit += 1) letters.push(place);
      flat += flatLetter;
      place += letter.length;
    }
    letters.push(text.length);
    const spans = [];
    for (const word of words) {
      for (let start = flat.indexOf(word); start >= 0 && spans.length < 200; start = flat.indexOf(word, start + word.length)) {
        spans.push([letters[start], letters[start + word.length]]);
      }
    }
    return spans.sort((a, b) => a[0] - b[0]);
  };

  /** The text around the first hit, with every hit marked. */
  const excerpt = (whole, words) => {
    // Of a text as long as a book only the part around a hit is looked at letter by letter.
    const low = whole.toLowerCase();
    const near = Math.max(0, Math.min(...words.map((word) => low.indexOf(word)).filter((place) => place >= 0), whole.length) - 2000);
    const text = whole.slice(near, near + 6000);
    const spans = hits(text, words);
    const first = spans.length ? Math.max(0, spans[0][0] - AROUND) : 0;
    const end = Math.min(text.length, first + 4 * AROUND);
    const parts = [near + first > 0 ? '…' : ''];
    let at = first;
    for (const [start, stop] of spans) {
      if (start < at || start >= end) continue;
      parts.push(text.slice(at, start), make('mark', {}, text.slice(start, stop)));
      at = stop;
    }
    parts.push(text.slice(at, Math.max(at, end)), near + end < whole.length ? '…' : '');
    return parts;
  };

  const when = (seconds) => {
    const date = new Date(seconds * 1000);
    return seconds === null || Number.isNaN(date.getTime()) ? '' : date.toLocaleString('en-GB', { timeZone: 'UTC', dateStyle: 'long', timeStyle: 'short' });
  };

  const item = ([page, row], words) => {
    const [message, sender, seconds, text] = row;
    const about = make('small', {}, make('bdi', {}, sender), sender && seconds !== null ? ' · ' : '', when(seconds));
    return make('li', {}, make('a', { href: `${page.file}#m${message}` }, about, make('span', { class: 'text', dir: 'auto' }, ...excerpt(text, words))));
  };

  let hitsNow = [];
  let shown = 0;
  let wordsNow = [];
  const showMore = () => {
    results.append(...hitsNow.slice(shown, shown + STEP).map((hit) => item(hit, wordsNow)));
    shown = Math.min(hitsNow.length, shown + STEP);
    more.hidden = shown >= hitsNow.length;
  };
  more.addEventListener('click', () => {
    const next = shown;
    showMore();
    results.children[next].firstChild.focus();
  });

  let loading = null;
  const asked = () => JSON.stringify([query.value, from.value, media.checked]);
  const search = async () => {
    const now = asked();
    loading = loading || loadAll();
    await loading;
    if (asked() !== now) return;
    const start = performance.now();
    wordsNow = plain(query.value).split(/\s+/).filter(Boolean);
    hitsNow = [];
    shown = 0;
    if (wordsNow.length || from.value || media.checked) {
      for (const page of index) {
        if (!page) continue;
        page.plain.forEach((text, number) => {
          const row = page.rows[number];
          if (from.value && row[1] !== from.value || media.checked && !row[4]) return;
          if (wordsNow.every((word) => text.includes(word))) hitsNow.push([page, row]);
        });
      }
    }
    results.replaceChildren();
    showMore();
    const count = hitsNow.length;
    const none = wordsNow.length || from.value || media.checked ? 'Nothing found.' : '';
    found.textContent = count === 0 ? none : count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`;
    found.dataset.ms = String(Math.round(performance.now() - start));
    remember();
  };

  // The question stands in the address, so that "back" from a message finds it again.
  const remember = () => {
    try { history.replaceState(null, '', `#${encodeURIComponent(query.value)}`); } catch { /* Not every browser lets a file do so. */ }
  };
  try { query.value = decodeURIComponent(location.hash.slice(1)); } catch { query.value = ''; }

  let timer = 0;
  const soon = () => { clearTimeout(timer); timer = setTimeout(search, 120); };
  query.addEventListener('input', soon);
  from.addEventListener('change', search);
  media.addEventListener('change', search);
  form.addEventListener('submit', (event) => { event.preventDefault(); search(); });
  query.focus();
  search();
})();
