// What axe-core finds on a page, in light and dark, wide and narrow.

import { readFile } from 'node:fs/promises';

const SOURCE = new URL('../../www/node_modules/axe-core/axe.min.js', import.meta.url);

const WIDE = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

/** One line for each problem; none is what everyone wants. Afterwards the page is wide and light again. */
export async function findings(page, step) {
  const source = await readFile(SOURCE, 'utf8');
  await page.evaluate(`window.axe ?? (() => { ${source} })()`);
  const found = [];
  for (const size of [NARROW, WIDE]) {
    await page.setViewportSize(size);
    for (const colorScheme of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const violations = await page.evaluate(async () => {
        await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
        /** @type {import('axe-core').RunOptions} */
        const rules = { runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] } };
        const { violations } = await window.axe.run(document, rules);
        return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.any[0]?.message ?? ''}`));
      });
      found.push(...violations.map((each) => `${step}, ${size.width}, ${colorScheme}: ${each}`));
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (wider > 0) found.push(`${step}, ${size.width}: the page is ${wider} pixels wider than the screen`);
    }
  }
  return found;
}
