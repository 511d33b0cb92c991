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
  /** Results shown at once, index files loaded at once, files after which to tell, letters around the first hit,
   *  milliseconds of looking before what was found so far is shown. */
  const STEP = 100;
  const AT_ONCE = 6;
  const EVERY = 25;
  const AROUND = 60;
  const SLICE = 60;
  const index = [];

  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  /** The same text for every way of writing it: no case, no accents. */
  const plain = (text) => (/^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase());

  // --- The index ----------------------------------------------------------------------------------------------------
  // The words of a page are one long string, a line for each message: looking through one long string is many times
  // faster than through a thousand short ones.
  window.heirloomIndex = (page, file, rows) => {
    const text = plain(rows.map((row) => `${row[1]} ${row[3]}`.replaceAll('\n', ' ')).join('\n'));
    const starts = new Uint32Array(rows.length + 1).fill(text.length + 1);
    for (let number = 0, start = 0; number < rows.length; number += 1) {
      starts[number] = start;
      start = text.indexOf('\n', start) + 1;
    }
    index[page] = { file, rows, starts, text };
  };
  /** @returns {Promise<void>} */
  const load = (page) =>
    new Promise((done) => {
      const script = make('script', { src: `${document.body.dataset.own || ''}assets/search-${page + 1}.js` });
      script.onload = script.onerror = () => {
        script.remove();
        done();
      };
      document.head.append(script);
    });
  /** Reads the index; tells the results so far every few pages. */
  let loaded = 0;
  const loadAll = async () => {
    let next = 0;
    const one = async () => {
      while (next < pages) {
        next += 1;
        await load(next - 1);
        loaded += 1;
        if (loaded % EVERY === 0 || loaded === pages) search();
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
    document.body.dataset.ready = 'yes';
  };

  /** The messages of a page that hold a word: their numbers in order. */
  const withWord = ({ text, starts }, word) => {
    const numbers = [];
    let number = 0;
    for (let place = text.indexOf(word); place >= 0; place = text.indexOf(word, starts[number])) {
      while (starts[number + 1] <= place) number += 1;
      numbers.push(number);
      number += 1;
      if (starts[number] > text.length) break;
    }
    return numbers;
  };
  /** What two ordered lists share. */
  const shared = (some, others) => {
    let at = 0;
    return some.filter((number) => {
      while (others[at] < number) at += 1;
      return others[at] === number;
    });
  };

  /** The messages of a page that are asked for. */
  const matches = (page, words) => {
    const lists = words.map((word) => withWord(page, word));
    const all = lists.length ? lists.reduce(shared) : page.rows.map((_, number) => number);
    if (!from.value && !media.checked) return all;
    return all.filter((number) => (!from.value || page.rows[number][1] === from.value) && (!media.checked || page.rows[number][4]));
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

  // Made once: making one takes longer than writing a hundred dates with it.
  const dates = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', dateStyle: 'long', timeStyle: 'short' });
  const when = (seconds) => {
    const date = new Date(seconds * 1000);
    return seconds === null || Number.isNaN(date.getTime()) ? '' : dates.format(date);
  };

  const item = (page, row, words) => {
    const [message, sender, seconds, text] = row;
    const about = make('small', {}, make('bdi', {}, sender), sender && seconds !== null ? ' · ' : '', when(seconds));
    return make(
      'li',
      {},
      make('a', { href: `${page.file}#m${message}` }, about, make('span', { class: 'text', dir: 'auto' }, ...excerpt(text, words))),
    );
  };

  /** What was found: pages with the numbers of their rows. Rows are looked up only when they are shown. */
  let hitsNow = [];
  let total = 0;
  let shown = 0;
  let wanted = STEP;
  let wordsNow = [];
  const show = () => {
    const end = Math.min(total, wanted);
    let before = 0;
    for (const [page, numbers] of hitsNow) {
      if (shown >= end) break;
      const some = numbers.slice(Math.max(0, shown - before), Math.max(0, end - before));
      results.append(...some.map((number) => item(page, page.rows[number], wordsNow)));
      before += numbers.length;
      shown += some.length;
    }
    more.hidden = shown >= total;
  };
  more.addEventListener('click', () => {
    const next = shown;
    wanted += STEP;
    show();
    results.children[next].firstElementChild.focus();
  });

  const counted = (count) => (count === 1 ? '1 message' : `${count.toLocaleString('en')} messages`);
  /** Shows what was found up to now; `unread` says that there is more to look through. */
  const tell = (asked, unread) => {
    show();
    const reading = loaded < pages ? `Reading the chat: ${loaded} of ${pages} pages …` : '';
    const so = !asked ? '' : total > 0 ? counted(total) : reading || unread ? '' : 'Nothing found.';
    found.textContent = [so, reading || (unread ? 'Looking …' : '')].filter(Boolean).join(' so far. ');
  };
  /** Looks through the pages in slices: the first results stand there at once, and no key is kept waiting. A newer
   *  question ends an older one. */
  let question = 0;
  let timer = 0;
  const search = async () => {
    clearTimeout(timer); // What was typed is in this question.
    const start = performance.now();
    const mine = (question += 1);
    wordsNow = plain(query.value).split(/\s+/).filter(Boolean);
    const asked = wordsNow.length > 0 || from.value !== '' || media.checked;
    [hitsNow, total, shown, wanted] = [[], 0, 0, STEP];
    results.replaceChildren();
    let slice = start;
    for (const page of asked ? index.filter(Boolean) : []) {
      const numbers = matches(page, wordsNow);
      if (numbers.length) hitsNow.push([page, numbers]);
      total += numbers.length;
      if (performance.now() - slice < SLICE) continue;
      tell(asked, true);
      await new Promise((drawn) => {
        setTimeout(drawn);
      });
      if (mine !== question) return;
      slice = performance.now();
    }
    tell(asked, false);
    found.dataset.ms = String(Math.round(performance.now() - start));
    if (loaded >= pages) remember();
  };

  // The question stands in the address, so that "back" from a message finds it again.
  const remember = () => {
    try {
      history.replaceState(null, '', `#${encodeURIComponent(query.value)}`);
    } catch {
      /* Not every browser lets a file do so. */
    }
  };
  try {
    query.value = decodeURIComponent(location.hash.slice(1));
  } catch {
    query.value = '';
  }

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(search, 120);
  };
  query.addEventListener('input', soon);
  from.addEventListener('change', search);
  media.addEventListener('change', search);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    search();
  });
  // Without a script it would be a form that does nothing, and a sentence says so.
  form.hidden = false;
  document.getElementById('unscripted').hidden = true;
  query.focus();
  loadAll();
})();
